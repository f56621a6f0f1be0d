import type { Chunk, ChunkHead, Position } from '@tidewaiter/protocol'
import { toChunk } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import { toTime } from '../../time.ts'
import type { Collector, From, History, Records, Standing, Taken } from '../collector.ts'
import { type Course, newCourse } from '../course.ts'
import { withPauses } from '../pauses.ts'
import { EntryCutter, type Piece } from './entries.ts'

const source = 'journal:system'
const method = 'journalctl -o export'
const aliveMs = 10_000
/** So often what waits for its turn asks for it. */
const turnMs = 200
/** Where journald keeps a folder for each machine id: in memory, or for good. */
const folders = ['/run/log/journal', '/var/log/journal']

export const journal: Collector = {
  id: 'journal',
  resource: 'System logs (including event logs)',
  platforms: ['linux'],
  reads:
    'Every entry of systemd’s journal with all its fields, as `journalctl -o export` gives it: at first contact from the oldest one it holds, of all boots, of system and users, and of every machine id the journal has entries of (a machine that was copied or installed anew has several; each entry names its own).',
  needs:
    'Root or the group systemd-journal, and systemd-journald. To keep the journal over a restart of the machine: `mkdir -p /var/log/journal && systemctl restart systemd-journald`.',
  cannotSee:
    'What journald dropped because a program wrote too fast (it says so in an entry), what it deleted to keep its size before it was read, and journals of namespaces (`journalctl --namespace=NAME`).',
  provenOn: 'Debian 12, live at every change.',

  async *collect(host, signal, from) {
    const standing = await whyNot(host)
    if (standing !== undefined) yield standing
    else yield* read(host, signal, from)
  },
}

async function* read(host: Host, signal: AbortSignal, from: From): AsyncGenerator<Taken> {
  let next = from.position(source) ?? { cursor: '' }
  const before = placeOf(next)
  const course = courseOf(host, from)
  const args = argsOf(before, from)
  const output = withPauses(host.run('journalctl', args, signal), { clock: host, ms: aliveMs })
  const piecesOf = newPieces(before)
  for await (const bytes of output) {
    if (signal.aborted) return
    const { fresh, isGone } = piecesOf(bytes)
    if (isGone) yield { source, lost }
    next = positionAfter(fresh) ?? next
    if (bytes === undefined) course.arrive()
    const backfill = course.after(next)
    yield { source, chunks: toChunks(fresh, toTime(host.now())), next, ...(backfill && { backfill }) }
    // Until it reaches the present it waits for what is new elsewhere.
    if (course.isBehind()) yield* untilItsTurn(next, { host, from, signal })
  }
  // Only one that does not follow comes to its end: there is no more.
  course.arrive()
  const backfill = course.after(next)
  if (from.once !== undefined) yield { source, chunks: [], next, ...(backfill && { backfill }) }
}

/** Cuts the stream, and leaves out what was handed over. `isGone`: the entry that was read last is no more. */
function newPieces(before: Place | undefined): (bytes: Buffer | undefined) => { fresh: Piece[]; isGone: boolean } {
  const cutter = new EntryCutter()
  let isFirst = before !== undefined
  return (bytes) => {
    const pieces = bytes === undefined ? [] : cutter.push(bytes)
    const [first] = pieces
    const isGone = isFirst && first !== undefined && first.cursor !== before?.cursor
    isFirst &&= first === undefined
    return { fresh: pieces.filter((piece) => isBehind(piece, before)), isGone }
  }
}

function argsOf(before: Place | undefined, { history, once }: From): string[] {
  // Not --after-cursor: with --cursor the entry itself comes first, and its absence shows that it is gone.
  const place = before === undefined ? since(history) : [`--cursor=${before.cursor}`]
  // --merge: whoever gave the machine another id did not take its past away.
  const follow = once === undefined ? ['--follow', '--no-tail'] : []
  return ['--output=export', ...follow, '--merge', '--quiet', '--no-pager', ...place]
}

function courseOf(host: Host, { position, history }: From): Course {
  const isNew = history !== undefined && position(source) === undefined
  return newCourse({ known: history?.placeOf(source), isNew, now: host.now })
}

/** Says from time to time that it is alive. */
async function* untilItsTurn(
  next: Position,
  { host, from, signal }: { host: Host; from: From; signal: AbortSignal },
): AsyncGenerator<Records> {
  for (let turn = 1; from.history?.mayGoOn() === false && !signal.aborted; turn++) {
    await host.sleep(turnMs, signal)
    if ((turn * turnMs) % aliveMs === 0) yield { source, chunks: [], next }
  }
}

function since(history: History | undefined): string[] {
  const sinceMs = history?.sinceMs ?? Number.NEGATIVE_INFINITY
  return Number.isFinite(sinceMs) ? [`--since=@${Math.floor(sinceMs / 1000)}`] : []
}

const lost = {
  count: null,
  cause: 'the journal no longer holds the entry that was read last: it was deleted to keep its size',
}

/** Without either nobody writes down who signs in, and what fails. */
const noSyslog =
  'Nothing, if another syslog daemon writes log files. If none does, sign-ins and errors of this machine are not recorded at all: `apt-get install rsyslog`.'

async function whyNot(host: Host): Promise<Standing | undefined> {
  const no = { source, state: 'not-enabled' } as const
  if (!host.has('journalctl'))
    return {
      ...no,
      why: 'There is no journalctl on this machine.',
      fix: noSyslog,
    }
  for (const folder of folders)
    if ((await host.list(folder)).some((name) => /^[0-9a-f]{32}/.test(name))) return undefined
  // As sd_booted(3) finds out.
  const isBooted = (await host.list('/run/systemd')).includes('system')
  return {
    ...no,
    why: `systemd-journald keeps no journal here${isBooted ? '' : ': systemd does not run'}.`,
    fix: isBooted ? 'Start it: `systemctl start systemd-journald`.' : noSyslog,
  }
}

/** What was handed over last: an entry, and how many parts of it where the others are still to come. */
interface Place {
  cursor: string
  parts: number
}

/**
 * Between the parts of an entry, which may be sealed in different batches, the position is the cursor of that entry and
 * the number of the part: `s=...;x=...;part=2`. An entry comes the same whenever it is read, and so do its parts.
 */
const partMark = ';part='

/** Undefined where none of the pieces says where it stands. */
function positionAfter(pieces: readonly Piece[]): Position | undefined {
  const newest = pieces.findLast(({ cursor }) => cursor !== '')
  return newest && { cursor: newest.ends ? newest.cursor : `${newest.cursor}${partMark}${newest.part}` }
}

function placeOf(position: Position): Place | undefined {
  if (!('cursor' in position) || position.cursor === '') return undefined
  const [cursor = '', part] = position.cursor.split(partMark)
  return { cursor, parts: part === undefined ? Number.POSITIVE_INFINITY : Number(part) }
}

function isBehind({ cursor, part = 1 }: Piece, before: Place | undefined): boolean {
  return cursor !== before?.cursor || part > before.parts
}

/** Entries side by side, each followed by the LF of its empty line; a part of one stands alone. */
function toChunks(pieces: readonly Piece[], readAt: string): Chunk[] {
  const chunks: Chunk[] = []
  let whole: Piece[] = []
  const close = () => {
    const [first] = whole
    if (first === undefined) return
    chunks.push(
      toChunk(
        headOf(first, readAt),
        whole.map(({ bytes }) => bytes),
      ),
    )
    whole = []
  }
  for (const piece of pieces) {
    if (piece.part === undefined) whole.push(piece)
    else {
      close()
      chunks.push(toChunk(headOf(piece, readAt), [piece.bytes]))
    }
  }
  close()
  return chunks
}

function headOf({ cursor, part, ends }: Piece, readAt: string): ChunkHead {
  const parts = part === undefined ? {} : { part, ...(ends && { last: true as const }) }
  return { source, start: { cursor }, readAt, method, unit: 'row', lf: ends, ...parts }
}
