import { admitTask, Refusal, type Task } from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import { Type } from 'typebox'
import type { Running } from './acquire/running.ts'
import { type AcquireOptions, acquire, acquirerOf, type Done } from './acquire/work.ts'
import type { AgentCode } from './error.ts'
import type { Schedule } from './schedule.ts'
import type { Sealer } from './seal/sealer.ts'
import type { Spool } from './spool/spool.ts'
import { consoleNowMs } from './uplink/clock-offset.ts'

/** A task that has no answer by then is answered as failed; the next one is not kept waiting. */
const answerMs = 5 * 60_000

/** The same for one that acquires: large files take their time on a slow line. */
const acquireMs = 6 * 3_600_000

export interface TaskOptions extends Omit<AcquireOptions, 'sealer'> {
  spool: Spool
  sealer: Sealer
  schedule: Schedule
  running: Running
  log: Logger
}

const counterName = 'task-counter'
/** The task that is being done: one that has no answer after a sudden end is answered at the next start. */
const openName = 'task-open'

/** The highest counter seen in a task for this host, whatever became of it. */
export function taskCounterOf(spool: Spool): number {
  return spool.recall(counterName, Type.Integer({ minimum: 0 })) ?? 0
}

/**
 * Does what a console asks, if the host's own policy lets it. What was asked is sealed in the host's chain and stands
 * in the host's own system log before anything is done, so that no console can hide it by withholding a batch. Where
 * one of the two is not to be had, nothing is done.
 */
export async function doTask(task: Task, options: TaskOptions, signal: AbortSignal): Promise<void> {
  const { host, spool, own, sealer, policy, log } = options
  const refusal = refusalOf(task, { spool, host, policy })
  const isOurs = task.host === spool.chain()?.host
  // A task that was refused once is not done later, when it is sent again and nothing speaks against it any more.
  const seen = isOurs ? { [counterName]: Math.max(taskCounterOf(spool), task.counter) } : {}
  await own.note('agent:task', 'task-received', { task }, { remember: { ...seen, [openName]: task.id }, signal })
  await sealer.seal({ signal })
  const isNoted = await host.noteInSystemLog(
    `tidewaiter-agent: the console asks for ${task.ask.kind} (task ${task.id})`,
  )
  if (signal.aborted) return
  const answer = refusal ?? (isNoted ? await answerTo(task, options, signal) : notNoted)
  log.info({ task: task.id, kind: task.ask.kind, ...answer }, 'task')
  const kind = 'code' in answer ? 'task-refused' : 'task-answered'
  await own.note('agent:task', kind, { id: task.id, ...answer }, { remember: { [openName]: null }, signal })
}

/** Answers the task that an agent before this one did not come to the end of. */
export async function answerInterrupted({ spool, own }: Pick<TaskOptions, 'spool' | 'own'>): Promise<void> {
  const id = spool.recall(openName, Type.String())
  if (id === undefined) return
  const failed = 'the agent ended while it was at work on this'
  await own.note('agent:task', 'task-answered', { id, failed }, { remember: { [openName]: null } })
}

interface Refused {
  code: string
  says: string
}
type Answer = Refused | (Partial<Done> & { failed?: string })

const notNoted = {
  code: 'system-log-missing' satisfies AgentCode,
  says: 'This host has no system log that takes a line, and a task has to stand there before it is done. Let systemd-journald or a syslog daemon run.',
}

function refusalOf(
  task: Task,
  { spool, host, policy }: Pick<TaskOptions, 'spool' | 'host' | 'policy'>,
): Refused | undefined {
  const at = {
    host: spool.chain()?.host ?? '',
    counter: taskCounterOf(spool),
    // Expiry is told by the console's clock.
    nowMs: consoleNowMs({ spool, host }),
    policy: policy.now(),
  }
  try {
    admitTask(task, at)
    return undefined
  } catch (cause) {
    if (cause instanceof Refusal) return { code: cause.code, says: cause.says }
    throw cause
  }
}

async function answerTo(task: Task, options: TaskOptions, signal: AbortSignal): Promise<Answer> {
  const { host, schedule } = options
  const { ask } = task
  if (ask.kind !== 'snapshot') return acquiredFor(task, options, signal)
  const answered = new AbortController()
  const late = host.sleep(answerMs, answered.signal).then(() => ({ failed: 'the pass did not end in time' }))
  const went = await Promise.race([schedule.snapshot(ask.collector), late])
  answered.abort()
  return went ?? notSupported(`no snapshot "${ask.collector}" runs on this host`)
}

async function acquiredFor(task: Task, options: TaskOptions, signal: AbortSignal): Promise<Answer> {
  const { host, running } = options
  if (acquirerOf(task.ask, host) === undefined) return notSupported(`this agent cannot do "${task.ask.kind}" here`)
  const late = new AbortController()
  const until = host.timer(acquireMs, () => late.abort(new Refusal<string>('task-late', 'it took too long')))
  const run = running.begin(task.id, AbortSignal.any([signal, late.signal]))
  try {
    return (await acquire(task, options, run.signal)) ?? notSupported('nothing acquires this here')
  } finally {
    until()
    run.end()
  }
}

function notSupported(says: string): Answer {
  return { code: 'task-not-supported', says }
}
