import { join } from 'node:path'
import type { Host } from '../../host.ts'
import { toTime } from '../../time.ts'
import type { Collector, From, Taken } from '../collector.ts'
import { passNumber } from '../pass.ts'
import { type Baseline, inMemory, openBaseline } from './baseline.ts'
import { newTally, type Tally } from './compare.ts'
import { alive, handAll, handChanges, handRow, type Numbers } from './hand-over.ts'
import { stepBytes } from './look.ts'
import { rootsOf } from './roots.ts'
import { type Walk, walkAll, walkChanged } from './walk.ts'

const source = 'file-integrity'
const damaged =
  'what was known of the files was damaged on the disk of this host, and begun anew: changes since the last look are not told'
const watching = 'file-integrity:watch'
const aliveMs = 10_000
const walkEveryMs = 6 * 3_600_000
const tellAllEveryMs = 7 * 24 * 3_600_000
/** After a look at what changed: the longer it took, the longer others have their turn. */
const rest = { leastMs: 1_000, share: 20, mostMs: 10_000 }
/** So many names, or bytes that were hashed, then others have their turn. */
const stride = { names: 100, bytes: 4 * 1024 * 1024, pauseMs: 50 }

export const fileIntegrity: Collector = {
  id: source,
  resource: 'Operating System files',
  platforms: ['linux'],
  reads:
    'What changed in /etc, /usr/bin, /usr/sbin, /usr/local, /usr/lib/systemd, /boot, web roots, and what lets somebody sign in to an account by key, or in the files and folders under `integrity:` of agent.yaml: kind, size, mode, owner, inode, times and SHA-256, before and after. What was so far stands on the disk, so that a change while the agent did not run is told, too. Everything is told at first, and every week.',
  needs:
    'Run the agent as root. Who did it is in the records of auditd, by path and inode: `apt-get install auditd`, then `printf "%s\\n" "-w /etc -p wa -k tidewaiter" "-w /usr/bin -p wa -k tidewaiter" "-w /usr/sbin -p wa -k tidewaiter" "-w /boot -p wa -k tidewaiter" >/etc/audit/rules.d/tidewaiter.rules && augenrules --load`.',
  cannotSee:
    'Who did it where auditd does not run, a change that was changed back within a second, digests of private keys, of /etc/shadow and of files over 1 GiB, volumes of the network, more than 200,000 names, names beyond the first 10,000 of a folder, and a kernel that lies about its files.',
  provenOn: 'Debian 12, live at every change.',

  async *collect(host, signal, from) {
    const baseline = openBaseline(from.folder === undefined ? inMemory : join(from.folder, `${source}.db`))
    try {
      if (baseline.wasDamaged) yield { source, lost: { count: null, cause: damaged } }
      yield* follow({ host, signal, from, baseline })
    } finally {
      baseline.close()
    }
  },
}

interface Following {
  host: Host
  signal: AbortSignal
  from: From
  baseline: Baseline
}

async function* follow({ host, signal, from, baseline }: Following): AsyncGenerator<Taken> {
  // Whoever knows of no hand-over (a spool was damaged, a host enrolled anew) has no state to compare with.
  if (from.position(source) === undefined) baseline.setNote('told', undefined)
  const sealed = () => passNumber((from.sealed ?? from.position)(source))
  const numbers: Numbers = { next: passNumber(from.position(source)), sealed }
  baseline.sealed(sealed())
  baseline.again()
  const room = Buffer.allocUnsafeSlow(stepBytes)
  const places = { watch: host.watchFolders(signal), watched: new Set<string>(), unwatched: new Set<string>() }
  while (!signal.aborted) {
    const roots = rootsOf(host, from.integrity)
    const tally = newTally()
    const walk = { host, signal, room, baseline, tally, pace: newPace({ host, signal, tally }), ...places }
    places.watched.clear()
    places.unwatched.clear()
    const walked = walkAll(walk, roots)
    yield* whileItGoesOn(walked, { host, baseline, numbers })
    const { isWhole, isOther } = await walked
    if (signal.aborted) return
    places.watch.keep(places.watched)
    const toldAt = yield* tellAll({ host, baseline, numbers, isOther })
    const row = { kind: 'look', places: roots.length, ...tally, kept: baseline.count(), whole: isWhole }
    yield handRow(numbers, row, toTime(host.now()))
    if (from.once !== undefined) return
    const settle = newSettler({ baseline, numbers, toldAt })
    settle()
    yield standingOf(places.unwatched.size)
    for (const endsAt = host.steady() + walkEveryMs; host.steady() < endsAt && !signal.aborted; ) {
      const changed = await places.watch.wait(aliveMs)
      settle()
      if (changed.length > 0) {
        const changes = { ...walk, tally: newTally(), isFirst: false }
        const startedAt = host.steady()
        const looked = walkChanged(changes, changed, roots)
        yield* whileItGoesOn(looked, { host, baseline, numbers })
        await looked
        const spentMs = host.steady() - startedAt
        await host.sleep(Math.min(Math.max(rest.leastMs, spentMs * rest.share), rest.mostMs), signal)
      } else yield alive(numbers)
    }
  }
}

/** What it finds is handed over while it goes on. It has ended when this has. */
async function* whileItGoesOn(
  walked: Promise<unknown>,
  { host, baseline, numbers }: { host: Host; baseline: Baseline; numbers: Numbers },
): AsyncGenerator<Taken> {
  const awake = new AbortController()
  const ended = walked.then(
    () => awake.abort(),
    () => awake.abort(),
  )
  try {
    while (!awake.signal.aborted) {
      await host.sleep(aliveMs, awake.signal)
      yield* handChanges(baseline, numbers)
      yield alive(numbers)
    }
  } finally {
    await ended
  }
}

/** Lets go of what is sealed by now. What lies before the row of a look is sealed when that is. */
function newSettler({
  baseline,
  numbers,
  toldAt,
}: {
  baseline: Baseline
  numbers: Numbers
  toldAt: number | undefined
}) {
  const behindRow = numbers.next
  let open = toldAt
  return () => {
    baseline.sealed(numbers.sealed())
    if (open === undefined || numbers.sealed() < behindRow) return
    baseline.setNote('told', `${open}`)
    open = undefined
  }
}

/**
 * All rows, where that is due: in the first place, when the places are others, and every week.
 * @returns when it did so, milliseconds since 1970
 */
async function* tellAll({
  host,
  baseline,
  numbers,
  isOther,
}: {
  host: Host
  baseline: Baseline
  numbers: Numbers
  isOther: boolean
}): AsyncGenerator<Taken, number | undefined> {
  // Noted before it begins: an agent that dies in between begins with it again.
  if (isOther) baseline.setNote('told', undefined)
  const toldAt = Number(baseline.note('told') ?? Number.NaN)
  const sinceMs = host.now() - toldAt
  // A clock that was set back must not put it off for years.
  if (sinceMs >= 0 && sinceMs < tellAllEveryMs) return undefined
  yield* handAll(baseline, numbers, toTime(host.now()))
  return host.now()
}

function standingOf(unwatched: number): Taken {
  if (unwatched === 0) return { source: watching, state: 'gone' }
  return {
    source: watching,
    state: 'not-enabled',
    why: `${unwatched} folders are not watched: changes in them are found every 6 hours. The system grants no more watches (fs.inotify.max_user_watches), or there are more than 4,096 folders.`,
    fix: 'sysctl -w fs.inotify.max_user_watches=65536, and restart the agent; or name fewer folders under integrity: in agent.yaml.',
  }
}

function newPace({ host, signal, tally }: { host: Host; signal: AbortSignal; tally: Tally }): Walk['pace'] {
  let names = 0
  let bytes = 0
  return async () => {
    names += 1
    if (names >= stride.names || tally.bytes - bytes >= stride.bytes) {
      names = 0
      bytes = tally.bytes
      await host.sleep(stride.pauseMs, signal)
    }
    return !signal.aborted
  }
}
