import type { Host, Overview } from '@tidewaiter/protocol/api'
import { isGoodbye } from '../receive/farewell.ts'
import type { Away } from '../receive/own-clock.ts'
import type { OpenSilence } from '../receive/silences.ts'

type Warning = Overview['warnings'][number]

/** Hosts that fell silent within so long of one another have one cause, most likely. */
const togetherMs = 2 * 60_000
const mostNames = 5

/**
 * One warning for hosts that fell silent together, so that a network that fails is one line and not a thousand. Machines
 * that were shut down are counted with the hosts, and are no warning.
 */
export function silenceWarnings(
  silences: readonly OpenSilence[],
  hosts: readonly Pick<Host, 'id' | 'name'>[],
): Warning[] {
  const alarming = silences.filter(({ isExpected }) => !isExpected).sort((a, b) => a.sinceMs - b.sinceMs)
  if (alarming.length === 0) return []
  const names = new Map(hosts.map(({ id, name }) => [id, name]))
  return together(alarming).map((group) => warningOf(group, { names, total: hosts.length }))
}

function together(silences: readonly OpenSilence[]): OpenSilence[][] {
  const groups: OpenSilence[][] = []
  for (const silence of silences) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group !== undefined && last !== undefined && silence.sinceMs - last.sinceMs <= togetherMs) group.push(silence)
    else groups.push([silence])
  }
  return groups
}

function warningOf(
  group: readonly OpenSilence[],
  { names, total }: { names: ReadonlyMap<string, string>; total: number },
): Warning {
  const [first] = group
  const nameOf = ({ host }: OpenSilence) => names.get(host) ?? host
  if (first !== undefined && group.length === 1)
    return { code: 'host-silent', says: `${nameOf(first)} is silent. ${first.says}`, fix }
  const since = new Date(first?.sinceMs ?? 0).toISOString()
  const more = group.length > mostNames ? `, and ${group.length - mostNames} more` : ''
  const listed = `${group.slice(0, mostNames).map(nameOf).join(', ')}${more}`
  return {
    code: 'host-silent',
    says: `${group.length} of ${total} hosts are silent since ${since}: ${listed}. ${commonCause(group)}`,
    fix,
  }
}

function commonCause(group: readonly OpenSilence[]): string {
  const told = group.filter(({ cause }) => isGoodbye(cause)).length
  if (told > 0)
    return `The agents of ${told} were stopped, and said so: if nobody of yours did that, somebody else did.`
  const killed = group.filter(({ cause }) => cause === 'closed').length
  if (killed === 0) return 'They do not answer any more: most likely the network between them and this console.'
  if (killed < group.length)
    return `The connections of ${killed} were closed by the other end, the others do not answer any more.`
  return 'All their connections were closed by the other end: a device in between, or agents that were killed together.'
}

const fix =
  'Look whether the machine runs and reaches this console, and run tidewaiter-agent doctor there. While its agent runs it keeps the evidence; while it does not, nothing is taken but what the logs of the host hold.'

const shownMs = 24 * 3_600_000

/** The clock of the console itself: everything is dated by it. */
export function clockWarning(step: Away | undefined, nowMs: number): Warning | undefined {
  if (step === undefined || nowMs - step.atMs > shownMs) return undefined
  const at = new Date(step.atMs).toISOString()
  const by = `${Math.round(Math.abs(step.setMs) / 1000)} s ${step.setMs > 0 ? 'forward' : 'back'}`
  return {
    code: 'console-clock-set',
    says: `The clock of this console jumped ${by}, to ${at}: it was set, or the machine was asleep. Times of receipt before and after do not join.`,
    fix: 'Keep the clock of this machine right with NTP. The jump stands in the audit log.',
  }
}
