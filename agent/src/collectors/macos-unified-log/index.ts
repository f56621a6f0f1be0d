import type { Host } from '../../host.ts'
import { toTime } from '../../time.ts'
import type { Collector, From, Records, Taken } from '../collector.ts'
import { type Course, newCourse } from '../course.ts'
import { withPauses } from '../pauses.ts'
import { newLineCutter } from './lines.ts'
import { cursorOf, placeIn } from './place.ts'
import { predicate } from './predicate.ts'
import { newReading, type Reading, source } from './reading.ts'

const aliveMs = 10_000
/** So often what waits for its turn asks for it. */
const turnMs = 200
/** So much later an entry may come into what `log show` reads. */
const lateMs = 5_000

export const macosUnifiedLog: Collector = {
  id: source,
  resource: 'System logs (including event logs)',
  platforms: ['darwin'],
  reads:
    'Entries of the unified log of macOS as `log` prints them (`--style ndjson`), from the oldest one it holds: of sign-ins, sudo, ssh, screen sharing, directory services, authorization, privacy decisions (TCC), XProtect, Gatekeeper, the firewall, background items and installers, and errors of launchd.',
  needs: 'Root, or an account that may administer the Mac.',
  cannotSee:
    'Entries of other programs and of the levels info and debug, what a message hides as <private>, what the system dropped because programs wrote too fast (it says so in an entry), what it deleted before it was read, an entry that comes so late that newer ones were sealed before the agent was stopped, and one of more than a mebibyte (said as a loss).',
  provenOn: 'Nowhere on macOS yet: tested by documentation alone.',

  async *collect(host, signal, from) {
    if (host.has('log')) yield* read({ host, signal, from })
    else
      yield {
        ...{ source, state: 'not-enabled', why: 'There is no log command on this machine.' },
        fix: 'Nothing: it belongs to macOS 10.12 and later.',
      }
  },
}

interface Work {
  host: Host
  signal: AbortSignal
  from: From
}

interface State {
  reading: Reading
  course: Course
}

/** What there is, then what comes; between the two what there is once more, so that nothing falls between them. */
async function* read(work: Work): AsyncGenerator<Taken> {
  const { host, signal, from } = work
  const isNew = from.history !== undefined && from.position(source) === undefined
  const state: State = {
    reading: newReading(placeIn(from.position(source)), host.bootId),
    course: newCourse({ known: from.history?.placeOf(source), isNew, now: host.now }),
  }
  yield* readWhatIs(work, state)
  state.course.arrive()
  if (signal.aborted || from.once !== undefined) return
  const cut = newLineCutter()
  const live = host.run('log', ['stream', '--style', 'ndjson', '--predicate', predicate], signal)
  let isFirst = true
  for await (const bytes of withPauses(live, { clock: host, ms: aliveMs })) {
    if (signal.aborted) return
    // It says by what it filters as soon as it listens.
    if (isFirst) {
      state.reading.again()
      yield* readWhatIs(work, state)
      state.reading.goLive()
    }
    isFirst = false
    yield* handOver(bytes === undefined ? [] : cut(bytes), { host, ...state })
  }
}

async function* readWhatIs({ host, signal, from }: Work, state: State): AsyncGenerator<Taken> {
  const cut = newLineCutter()
  const since = sinceMs(state.reading, { host, from })
  const start = Number.isFinite(since) ? ['--start', startOf(since)] : []
  const there = host.run('log', ['show', '--style', 'ndjson', '--predicate', predicate, ...start], signal)
  for await (const bytes of withPauses(there, { clock: host, ms: aliveMs })) {
    if (signal.aborted) return
    yield* handOver(bytes === undefined ? [] : cut(bytes), { host, ...state })
    if (state.course.isBehind()) yield* untilItsTurn({ host, signal, from }, state)
  }
  if (!signal.aborted && state.reading.isGone(true)) yield { source, lost }
}

function sinceMs(reading: Reading, { host, from }: Pick<Work, 'host' | 'from'>): number {
  const place = reading.place()
  return place === undefined ? (from.history?.sinceMs ?? host.now()) : place.micros / 1000 - lateMs
}

/** log(1): `Y-M-D H:m:s+zzzz`, with no part of a second. */
function startOf(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')}+0000`
}

function* handOver(
  cut: readonly (Buffer | 'too-long')[],
  { host, reading, course }: State & { host: Host },
): Generator<Taken> {
  const lines = cut.filter((line) => line !== 'too-long')
  const chunks = reading.take(lines, toTime(host.now()))
  if (reading.isGone(false)) yield { source, lost }
  if (lines.length < cut.length) yield { source, lost: { count: cut.length - lines.length, cause: tooLong } }
  yield recordsOf(chunks, { reading, course })
}

function recordsOf(chunks: Records['chunks'], { reading, course }: State): Records {
  const place = reading.place()
  const next = place === undefined ? { cursor: '' } : cursorOf(place)
  const backfill = course.after(next)
  return { source, chunks, next, ...(backfill && { backfill }) }
}

/** Until it reaches the present it waits for what is new elsewhere, and says from time to time that it is alive. */
async function* untilItsTurn({ host, signal, from }: Work, state: State): AsyncGenerator<Records> {
  for (let turn = 1; from.history?.mayGoOn() === false && !signal.aborted; turn++) {
    await host.sleep(turnMs, signal)
    if ((turn * turnMs) % aliveMs === 0) yield recordsOf([], state)
  }
}

const lost = {
  count: null,
  cause: 'the unified log no longer holds the entry that was read last: it was deleted to keep its size, or erased',
}
const tooLong = 'an entry of the unified log was longer than a record may be'
