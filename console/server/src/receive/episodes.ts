import type { Logger } from 'pino'

/** A row that says something; what is repeated soon after adds to it. */
interface Said {
  says: string
}

export interface Episodes<Row extends Said> {
  /** Writes the row down, or counts it to the one that is there under this key. */
  note(key: string, row: Row): void
  flush(): Promise<void>
  close(): Promise<void>
}

interface EpisodesOptions<Row> {
  /** Returns the number of the row. */
  insert(row: Row): Promise<number>
  /** Changes what a row says. */
  update(no: number, says: string, row: Row): Promise<void>
  log: Logger
  now(): number
}

interface Episode<Row> {
  row: Row
  no?: number
  more: number
  lastMs: number
  isDirty: boolean
}

/** One that is quiet for so long is over: the next is a new row. */
const quietMs = 60 * 60_000
/** So many are remembered. A hostile host makes one a code, a hostile network one an address. */
const mostEpisodes = 10_000
const firstMs = 50
const againMs = 5_000

/**
 * What is refused is written down once for each cause, with a counter: whoever provokes a thousand refusals makes one
 * row, and a write every few seconds. What cannot be written now is kept and tried again.
 */
export function openEpisodes<Row extends Said>({ insert, update, log, now }: EpisodesOptions<Row>): Episodes<Row> {
  const episodes = new Map<string, Episode<Row>>()
  let timer: { handle: NodeJS.Timeout; dueMs: number } | undefined
  let writing = Promise.resolve()
  let isOpen = true

  const write = async (episode: Episode<Row>) => {
    episode.isDirty = false
    try {
      const says = saysOf(episode)
      if (episode.no === undefined) episode.no = await insert({ ...episode.row, says })
      else await update(episode.no, says, episode.row)
    } catch (cause) {
      episode.isDirty = true
      log.warn({ err: cause }, 'a refusal could not be written down yet')
    }
  }
  const writeAll = async () => {
    for (const [key, episode] of episodes) {
      if (episode.isDirty) await write(episode)
      const isOver = now() - episode.lastMs > quietMs || episodes.size > mostEpisodes
      if (isOver && !episode.isDirty) episodes.delete(key)
    }
    if ([...episodes.values()].some(({ isDirty }) => isDirty)) schedule(againMs)
  }
  const flush = () => {
    clearTimeout(timer?.handle)
    timer = undefined
    writing = writing.then(writeAll)
    return writing
  }
  const schedule = (ms: number) => {
    if (!isOpen) return
    const dueMs = performance.now() + ms
    if (timer !== undefined && timer.dueMs <= dueMs) return
    clearTimeout(timer?.handle)
    timer = { dueMs, handle: setTimeout(() => void flush(), ms).unref() }
  }
  return {
    note(key, row) {
      const known = episodes.get(key)
      const isNew = known === undefined || now() - known.lastMs > quietMs
      if (isNew && episodes.size >= mostEpisodes) {
        const [first] = episodes.keys()
        episodes.delete(first ?? '')
      }
      const episode = isNew ? { row, more: 0, lastMs: now(), isDirty: true } : known
      episode.more += isNew ? 0 : 1
      episode.lastMs = now()
      episode.isDirty = true
      episodes.set(key, episode)
      schedule(isNew ? firstMs : againMs)
    },
    flush,
    close() {
      isOpen = false
      return flush()
    },
  }
}

function saysOf<Row extends Said>({ row, more, lastMs }: Episode<Row>): string {
  if (more === 0) return row.says
  return `${row.says} (${more} more of this kind since, the last at ${new Date(lastMs).toISOString()})`
}
