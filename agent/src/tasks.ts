import { admitTask, Refusal, type Task } from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import { Type } from 'typebox'
import type { AgentCode } from './error.ts'
import type { Host } from './host.ts'
import type { OwnRecords } from './own-records.ts'
import type { PolicyInForce } from './policy-in-force.ts'
import type { Schedule } from './schedule.ts'
import type { Sealer } from './seal/sealer.ts'
import type { Spool } from './spool/spool.ts'
import { consoleNowMs } from './uplink/clock-offset.ts'

/** A task that has no answer by then is answered as failed; the next one is not kept waiting. */
const answerMs = 5 * 60_000

export interface TaskOptions {
  host: Host
  spool: Spool
  sealer: Sealer
  own: OwnRecords
  schedule: Schedule
  policy: PolicyInForce
  log: Logger
}

const counterName = 'task-counter'

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
  const seen = isOurs ? { remember: { [counterName]: Math.max(taskCounterOf(spool), task.counter) } } : {}
  await own.note('agent:task', 'task-received', { task }, { ...seen, signal })
  await sealer.seal({ signal })
  const isNoted = await host.noteInSystemLog(
    `tidewaiter-agent: the console asks for ${task.ask.kind} (task ${task.id})`,
  )
  if (signal.aborted) return
  const answer = refusal ?? (isNoted ? await answerTo(task, options) : notNoted)
  log.info({ task: task.id, kind: task.ask.kind, ...answer }, 'task')
  const kind = 'code' in answer ? 'task-refused' : 'task-answered'
  await own.note('agent:task', kind, { id: task.id, ...answer }, { signal })
}

interface Refused {
  code: string
  says: string
}
type Answer = Refused | { failed?: string }

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

async function answerTo({ ask }: Task, { host, schedule }: TaskOptions): Promise<Answer> {
  if (ask.kind !== 'snapshot') return notSupported(`this agent cannot do "${ask.kind}" yet`)
  const answered = new AbortController()
  const late = host.sleep(answerMs, answered.signal).then(() => ({ failed: 'the pass did not end in time' }))
  const went = await Promise.race([schedule.snapshot(ask.collector), late])
  answered.abort()
  return went ?? notSupported(`no snapshot "${ask.collector}" runs on this host`)
}

function notSupported(says: string): Answer {
  return { code: 'task-not-supported', says }
}
