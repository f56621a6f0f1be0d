import { randomUUID } from 'node:crypto'
import type { EndReason, Policy, Refusal, SourceState, Task } from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import { type Desk, newDesk } from './acquire/desk.ts'
import { newBell } from './bell.ts'
import { type Budget, newBudget } from './budget.ts'
import { capsOf, spoolBytesOf } from './caps.ts'
import type { Collector } from './collectors/collector.ts'
import { factsOf } from './collectors/facts.ts'
import type { HeldFolder } from './data-folder.ts'
import { isAgentRefusal, refuse } from './error.ts'
import type { Host } from './host.ts'
import { compileHotLoops } from './hot-loops.ts'
import {
  adoptIdentity,
  type Enrolment,
  forgetOldKeys,
  type HostKey,
  type Identity,
  keyToEnrol,
  readIdentity,
} from './identity.ts'
import { lastRun, runBegins } from './last-run.ts'
import type { Outgrown } from './memory-cap.ts'
import { newOrders } from './orders.ts'
import { newOwnRecords, type OwnRecords } from './own-records.ts'
import { openPolicy } from './policy-in-force.ts'
import { keepPulse, leaveStatus } from './pulse.ts'
import { askedToLeave } from './removal.ts'
import { newRest } from './rest.ts'
import { onceThereIsRoom } from './room.ts'
import { openSchedule, type Schedule } from './schedule.ts'
import { Sealer } from './seal/sealer.ts'
import { besideSetAside, tellSetAside, trimSetAside } from './set-aside.ts'
import { condemnSpool, openSpool } from './spool/open.ts'
import type { Spool } from './spool/spool.ts'
import { spareOn } from './spool/volume.ts'
import { readStatus } from './status.ts'
import { letGo, stopInOrder } from './stop.ts'
import { answerInterrupted, doTask } from './tasks.ts'
import { keepTidy } from './tidy.ts'
import { toTime } from './time.ts'
import { type Link, type News, runUplink, type UplinkOptions } from './uplink/uplink.ts'
import { version } from './version.ts'
import { whyEnding } from './why-ending.ts'

export interface AgentOptions {
  host: Host
  folder: HeldFolder
  /** What the host's own configuration says. */
  config: Policy
  /** Its absolute path, where it was named: whoever starts this agent again has to name it too. */
  configFile?: string | undefined
  /** Log files named on the command line. */
  files: readonly string[]
  collectors: readonly Collector[]
  log: Logger
  /** Between 0 and 1. */
  random?(): number
  /** Told what the console makes of this agent. */
  tell?(news: News): void
  /** Whoever runs it can let it begin anew: it says so when it is larger than it has to be. */
  mayBeginAnew?: boolean
  /** Why it ends when `drain` aborts, where that is no signal from outside. */
  endsAs?: EndReason
}

/** Pause before a new spool takes the place of a damaged one; a disk that damages them all must not fill up with them. */
const afterDamage = { firstMs: 5_000, longestMs: 15 * 60_000 }

/**
 * Runs the agent until `drain` aborts: schedule -> seal -> spool -> uplink. Then it stops in that order: what was read
 * is sealed, and what is sealed is sent if the console takes it soon. A disk that is full is waited for. A spool that
 * turns out to be damaged is put aside, and everything begins anew, as it would in a new process: nothing outlives it
 * but the files.
 * @returns why it should begin anew in a new process (`memory-outgrown`, `backlog-over`); undefined when it was told to stop
 * @throws `not-enrolled`, `data-folder-broken`, `not-permitted`
 */
export async function runAgent(options: AgentOptions, drain: AbortSignal): Promise<Refusal<string> | undefined> {
  const { host, log } = options
  const run = randomUUID()
  for (let damages = 0; !drain.aborted; ) {
    try {
      return await runOnSpool({ ...options, run }, drain)
    } catch (cause) {
      if (!isAgentRefusal(cause) || (cause.code !== 'spool-broken' && cause.code !== 'spool-full')) throw cause
      log.error({ code: cause.code, says: cause.says }, 'beginning anew')
      if (cause.code === 'spool-broken') await condemn(options, damages++, drain)
      else await host.sleep(afterDamage.firstMs, drain)
    }
  }
  return undefined
}

async function condemn({ host, log, folder }: AgentOptions, before: number, signal: AbortSignal): Promise<void> {
  await onceThereIsRoom(() => condemnSpool(folder), { host, log, signal })
  await host.sleep(Math.min(afterDamage.firstMs * 2 ** before, afterDamage.longestMs), signal)
}

async function runOnSpool(options: AgentOptions & { run: string }, drain: AbortSignal) {
  const { host, log, folder } = options
  const identity = readIdentity(folder)
  const spool = await onceThereIsRoom(() => openChain(identity, options), { host, log, signal: drain })
  if (spool === undefined) return undefined
  try {
    return await work({ ...options, spool, identity }, drain)
  } finally {
    spool.close()
  }
}

/** The spool, with the chain of this host begun. Throws `spool-full`, `spool-broken`. */
function openChain(identity: Identity, { host, folder, config }: AgentOptions): Spool {
  const spareBytes = () => spareOn(host.space(folder.path))
  const { spool } = openSpool(folder, {
    budgetBytes: besideSetAside(spoolBytesOf(config), folder),
    spareBytes,
    nowMs: host.now(),
  })
  try {
    spool.beginChain(identity.enrolment)
    forgetOldKeys(folder, identity)
    return spool
  } catch (cause) {
    spool.close()
    throw cause
  }
}

type Equipped = AgentOptions & { run: string; spool: Spool; identity: Identity }

async function work({ spool, identity, ...options }: Equipped, drain: AbortSignal) {
  const { host, folder, config, log, run, random = Math.random, tell = () => {} } = options
  const halt = new AbortController()
  const broken = Promise.withResolvers<never>()
  const fatal = broken.reject
  const changed = newBell(host)
  const budget = newBudget(host)
  const before = lastRun({ host, folder, spool, id: run })
  const rest = newRest(host, { hasBegunAnew: before?.ended === 'restarting' })
  const link = newLink(identity.enrolment, { nowMs: host.now(), lastAckAt: readStatus(folder)?.status.lastAckAt })
  const recovered = (sinceMs: number) =>
    void own.note('agent:run', 'spool-was-full', { since: toTime(sinceMs) }).catch(fatal)
  const waits = () => budget.bites.begin('spoolMb')
  const burst = () => {
    rest.busy()
    compileHotLoops()
  }
  const sealer = new Sealer({ host, spool, changed, key: () => identity.key, burst, waits, recovered })
  const own = newOwnRecords({ host, sealer })
  const schedule = openSchedule({ ...options, sealer, own, budget, fatal })
  const adopt = (key: HostKey, enrolment: Enrolment) => {
    const isNewHost = key.host !== identity.key.host
    const begin = (next: Identity) => {
      spool.beginChain(enrolment)
      identity = next
      if (isNewHost) void own.note('agent:run', 'new-chain', { lineage: enrolment.lineage ?? null }).catch(fatal)
    }
    adoptIdentity(folder, { before: identity, next: { key, enrolment }, begin })
  }
  const desk = newDesk({ ...options, spool, own, link })
  const states = (): SourceState[] => [...schedule.states(), ...spoolState(sealer.fullSinceMs())]
  const parts = { host, folder, spool, sealer, own, budget, changed, link, log, states, startedAt: link.since }
  const shared = { ...parts, ...desk, configFile: options.configFile, identity: () => identity }
  const goingOn = [sealer.run(halt.signal)]
  void keepTidy(host, halt.signal)
  const start = async () => {
    await own.note('agent:run', 'started', { ...self(), before }, { remember: runBegins(host, run) })
    await own.note('agent:run', 'collectors', { collectors: factsOf(options.collectors, host.platform) })
    await tellSetAside({ folder, spool, sealer, own })
    await answerInterrupted({ spool, own })
    void sealer.seal({ signal: halt.signal }).catch(fatal)
    const order = await openOrders({ ...parts, config, desk, schedule, fatal, signal: halt.signal })
    goingOn.push(
      runUplink({ ...shared, adopt, newKey: () => keyToEnrol(folder, identity), order, random, tell }, halt.signal),
      keepPulse(shared, halt.signal),
    )
  }
  try {
    await Promise.race([broken.promise, ...goingOn, start()])
    const failed = Promise.all(goingOn).then(() => undefined)
    const ends = endings({ ...options, budget, rest }, drain, halt.signal)
    const why = await Promise.race([broken.promise, failed, ...ends])
    const cause = why === undefined ? (options.endsAs ?? (await whyEnding(host, folder))) : 'restarting'
    await stopInOrder({ ...shared, schedule, run, cause, ...(why && { why }) })
    return drain.aborted ? undefined : why
  } catch (cause) {
    // No collector may still be at work on this spool when the next one is opened.
    await letGo(host, schedule)
    throw cause
  } finally {
    void schedule.stop()
    halt.abort()
    await Promise.allSettled(goingOn)
    leaveStatus(shared)
  }
}

function self() {
  return { agent: version, node: process.versions.node, pid: process.pid }
}

type Obeyed = Applied &
  Pick<AgentOptions, 'host' | 'config' | 'log'> &
  Pick<UplinkOptions, 'changed'> & {
    desk: Desk
    fatal(cause: unknown): void
  }

/** What takes the orders of a console. */
async function openOrders({ desk, config, fatal, ...parts }: Obeyed) {
  const { spool, own, signal } = parts
  const applied = applyingTo(parts)
  const changed = (next: Policy) => {
    desk.resize(next)
    return applied(next)
  }
  const policy = await openPolicy(config, { spool, own, changed })
  const tasks = { ...parts, ...desk, policy }
  const task = (next: Task) => doTask(next, tasks, signal)
  return newOrders({ task, policy: policy.setRemote, cancel: desk.running.cancel, fatal })
}

interface Applied extends Pick<Equipped, 'spool' | 'folder'> {
  budget: Budget
  schedule: Schedule
  sealer: Sealer
  own: OwnRecords
  signal: AbortSignal
}

/** What a policy means to each part. */
function applyingTo({ budget, spool, schedule, ...setAside }: Applied) {
  return async (next: Policy) => {
    const spoolBytes = spoolBytesOf(next)
    budget.setCaps(capsOf(next))
    spool.setBudget(besideSetAside(spoolBytes, setAside.folder))
    schedule.apply(next)
    await trimSetAside(spoolBytes, setAside)
    spool.setBudget(besideSetAside(spoolBytes, setAside.folder))
  }
}

function newLink({ addresses }: Enrolment, known: { nowMs: number; lastAckAt: string | null | undefined }): Link {
  const { nowMs, lastAckAt } = known
  const lastAckMs = typeof lastAckAt === 'string' ? Date.parse(lastAckAt) : undefined
  return { address: addresses[0] ?? '', isConnected: false, since: toTime(nowMs), mustBeginAnew: false, lastAckMs }
}

/** Killed for its memory it would lose nothing, and could say nothing: it stops in order, and is started again. */
function tooLarge({ rssBytes, memoryMb }: Outgrown) {
  const held = `The agent holds ${Math.round(rssBytes / 1_000_000)} MB for a minute, and its memory cap is ${memoryMb} MB.`
  return refuse('memory-outgrown', `${held} It stops in order, to begin anew with less.`)
}

function backlogOver() {
  return refuse('backlog-over', 'A backlog is worked off: the agent begins anew with the memory it needs at rest.')
}

/** A full disk in the form of a source that gives nothing: that is how the console shows it. */
function spoolState(fullSinceMs: number | undefined): SourceState[] {
  if (fullSinceMs === undefined) return []
  const why = `The disk has been full since ${toTime(fullSinceMs)}: nothing can be sealed. Nothing is lost yet.`
  const fix = 'Free space on the volume of the data folder. The agent goes on by itself.'
  return [{ id: 'agent:spool', state: 'failed', why, fix }]
}

/** What ends a run: each resolves with why another one should begin, or with nothing. */
function endings(
  { host, folder, mayBeginAnew, budget, rest }: AgentOptions & { budget: Budget; rest: ReturnType<typeof newRest> },
  drain: AbortSignal,
  signal: AbortSignal,
): Promise<Refusal<string> | undefined>[] {
  const outgrown = budget.outgrown(signal).then((grown) => grown && tooLarge(grown))
  const rested = rest.rested(signal).then((is) => (is ? backlogOver() : undefined))
  return [ending(drain), askedToLeave(host, folder, signal), outgrown, ...(mayBeginAnew ? [rested] : [])]
}

function ending(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
