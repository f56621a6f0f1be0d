import { existsSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { type Chunk, historyOf, type Position } from '@tidewaiter/protocol'
import type { BackfillPlace } from '../backfill.ts'
import type { History, Records, Taken } from '../collectors/collector.ts'
import { follow } from './follow.ts'
import { newFileHost, newLog, recordsOf } from './log.fixture.ts'
import { lines, type Shape } from './shape.ts'

const dayMs = 24 * 60 * 60_000

interface Place {
  position: Position
  predecessor: Records['predecessor'] | undefined
  backfill: BackfillPlace | undefined
}

/** A log with files that were rotated before, and the following of it as a collector does it. A kill leaves the places. */
export function newPast({ sinceDays, shape = lines, name }: { sinceDays?: number; shape?: Shape; name?: string } = {}) {
  const log = newLog(name)
  const host = newHost()
  const source = `log-file:${log.path}`
  const past = historyOf(source)
  const { places, spans, losses, keep } = newBook()
  let writtenS = Math.floor(host.now() / 1000) - 60 * 60
  const turn = { mayGoOn: true }
  const history: History = {
    sinceMs: sinceDays === undefined ? Number.NEGATIVE_INFINITY : host.now() - sinceDays * dayMs,
    placeOf(id) {
      const { position, backfill } = places.get(id) ?? {}
      return position && backfill && { position, backfill }
    },
    mayGoOn: () => turn.mayGoOn,
  }
  const start = () => {
    const stop = new AbortController()
    const wanted = async () => [{ source, path: log.path }]
    const position = (id: string) => places.get(id)?.position
    const predecessor = (id: string) => places.get(id)?.predecessor
    return { stream: follow({ host, shape, wanted, position, predecessor, history }, stop.signal), stop }
  }
  let running = start()
  let next: Promise<IteratorResult<Taken>> | undefined
  const chunksOf = (id: string) => spans.flatMap(({ source: of, chunks }) => (of === id ? chunks : []))
  const told = (id: string): BackfillPlace['told'] | undefined => places.get(id)?.backfill?.told
  return Object.assign(turn, {
    log,
    host,
    source: past,
    /** A file that was changed last so many days ago. */
    file(suffix: string, content: string | Buffer, daysAgo: number) {
      const atS = (host.now() - daysAgo * dayMs) / 1000
      writeFileSync(`${log.path}${suffix}`, content)
      utimesSync(`${log.path}${suffix}`, atS, atS)
    },
    /** Writes to the log, each time two seconds later: what compresses keeps times to the second. */
    append(text: string) {
      log.append(text)
      writtenS += 2
      utimesSync(log.path, writtenS, writtenS)
    },
    rotate: (options?: { compress: number }) => rotate(log.path, options),
    /** Takes hand-overs until there is nothing to be read now, or so many. */
    async look(most = 2_000) {
      host.goOn()
      for (let i = 0; i < most; i++) {
        next ??= running.stream.next()
        const got = await Promise.race([next, host.idle()])
        if (got === undefined || got.done === true) return
        next = undefined
        keep(got.value)
      }
    },
    /** As after a kill: only what was handed over is known. */
    async restart() {
      running.stop.abort()
      host.goOn()
      await Promise.allSettled([next, running.stream.return(undefined)])
      next = undefined
      running = start()
    },
    live: () => chunksOf(source).flatMap(recordsOf),
    history: () => chunksOf(past).flatMap(recordsOf),
    historyBytes: () => chunksOf(past).reduce((sum, { bytes }) => sum + bytes.length, 0),
    heads: () => chunksOf(past).map(({ head }) => head),
    spans: () => spans.filter((each) => each.source === past),
    told: () => told(past),
    toldLive: () => told(source),
    losses: () => losses,
  })
}

/** What a spool keeps of it. */
function newBook() {
  const places = new Map<string, Place>()
  const spans: { source: string; first: Position; next: Position; chunks: Chunk[] }[] = []
  const losses: string[] = []
  const keep = (each: Taken) => {
    if ('lost' in each) losses.push(each.lost.cause)
    if (!('chunks' in each)) return
    const { next, predecessor } = each
    const before = places.get(each.source)
    const chunks = each.chunks.map((chunk) => ({ ...chunk, bytes: Buffer.from(chunk.bytes) }))
    spans.push({ source: each.source, first: before?.position ?? chunks[0]?.head.start ?? next, next, chunks })
    places.set(each.source, { position: next, predecessor, backfill: each.backfill ?? before?.backfill })
  }
  return { places, spans, losses, keep }
}

/** Real files; whoever waits is woken by `goOn`. */
function newHost() {
  let waiting = Promise.withResolvers<void>()
  let idle = Promise.withResolvers<undefined>()
  const wait = () => {
    idle.resolve(undefined)
    return waiting.promise
  }
  return Object.assign(newFileHost(), {
    watch: () => ({ set() {}, touch() {}, wait }),
    sleep: () => Promise.resolve(),
    idle: () => idle.promise,
    goOn() {
      waiting.resolve()
      waiting = Promise.withResolvers()
      idle = Promise.withResolvers()
    },
  })
}

/** As logrotate does it: every file moves on, and from this number on they are compressed, keeping their times to the second. */
function rotate(path: string, { compress = Number.POSITIVE_INFINITY } = {}) {
  for (let number = 30; number >= 0; number--)
    for (const end of ['.zst', '.gz', '']) {
      const from = number === 0 ? path : `${path}.${number}${end}`
      const to = `${path}.${number + 1}${end}`
      if ((number === 0 && end !== '') || !existsSync(from)) continue
      renameSync(from, to)
      if (end !== '' || number + 1 < compress) continue
      const modifiedS = Math.floor(statSync(to).mtimeMs / 1000)
      writeFileSync(`${to}.gz`, gzipSync(readFileSync(to)))
      utimesSync(`${to}.gz`, modifiedS, modifiedS)
      unlinkSync(to)
    }
}
