import type { DecodeContext, DecodeRecord, Event, EventTime } from '../decoder.ts'
import { defined } from '../defined.ts'
import { timeline } from '../time.ts'
import { readIso } from '../written.ts'
import type { Action, Principal, Task, Trigger } from './task.ts'

export const dataset = 'scheduled-task'

const mostOfArguments = 2000

/**
 * One event says what the task is, at the time it was registered where it tells that; another that it ran, where a `.job`
 * file tells when.
 */
export function toEvents(record: DecodeRecord, task: Task, context: DecodeContext): Event[] {
  const event: Event = {
    event: { kind: 'state', dataset, category: ['configuration'], type: ['info'], action: 'task-found' },
    message: messageOf(task),
    tidewaiter: { record: record.id, scheduled_task: taskFields(task) },
  }
  addTime(event, task.registered, context)
  addProcess(event, task.actions)
  addAccount(event, task.principals)
  return task.lastRun === undefined ? [event] : [event, runEvent(record, task, context)]
}

function runEvent(record: DecodeRecord, task: Task, context: DecodeContext): Event {
  const event: Event = {
    event: { kind: 'event', dataset, category: ['process'], type: ['start'], action: 'task-started' },
    message: `Scheduled task ran: ${wordsOf(task)}`,
    tidewaiter: { record: record.id },
  }
  addTime(event, task.lastRun, context)
  addProcess(event, task.actions)
  return event
}

function addTime(event: Event, raw: string | undefined, context: DecodeContext): void {
  if (raw === undefined) return
  const reading = readIso(raw, 0)
  const { at, time }: { at?: string; time?: EventTime } =
    reading === undefined ? { time: { raw } } : timeline(context)(raw, reading.written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
}

/** Its arguments stand in it: an address in them is looked for like one in any message. */
function messageOf(task: Task): string {
  const when = task.triggers.map(({ type }) => type).join(', ')
  const state = [task.hidden === true && 'hidden', task.enabled === false && 'switched off'].filter((word) => word)
  const notes = [...state, when].filter((word) => word !== '').join('; ')
  return `Scheduled task${task.path === undefined ? '' : ` ${task.path}`}: ${wordsOf(task)}${notes === '' ? '' : ` (${notes})`}`
}

function wordsOf({ actions }: Task): string {
  const words = actions.map(({ type, command, arguments: given, classId }) =>
    [command ?? classId ?? type, given].filter((word) => word !== undefined).join(' '),
  )
  return words.join(', then ').slice(0, mostOfArguments) || 'does nothing'
}

/** The programs it starts: nearly always one. */
function addProcess(event: Event, actions: readonly Action[]): void {
  const started = actions.filter(({ command }) => command !== undefined)
  if (started.length === 0) return
  const programs = started.map(({ command = '' }) => command.replace(/^"(.*)"$/, '$1'))
  const process: Record<string, unknown> = {
    name: oneOrAll(programs.map((path) => path.slice(path.lastIndexOf('\\') + 1))),
    executable: oneOrAll(programs),
    command_line: oneOrAll(
      started.map(({ command = '', arguments: given }) => (given ? `${command} ${given}` : command)),
    ),
  }
  const [only] = started
  if (started.length === 1 && only?.workingDirectory !== undefined) process.working_directory = only.workingDirectory
  event.process = process
}

function oneOrAll(values: readonly string[]): string | readonly string[] | undefined {
  return values.length === 1 ? values[0] : values
}

/** The account it runs as: a SID, `DOMAIN\name`, or a name. */
function addAccount(event: Event, [principal]: readonly Principal[]): void {
  const user = principal?.user
  if (user !== undefined) {
    const slash = user.indexOf('\\')
    if (/^S-1-[\d-]+$/.test(user)) event.user = { id: user }
    else event.user = slash > 0 ? { name: user.slice(slash + 1), domain: user.slice(0, slash) } : { name: user }
  }
  const group = principal?.group
  if (group !== undefined) event.group = /^S-1-[\d-]+$/.test(group) ? { id: group } : { name: group }
}

function taskFields(task: Task): Record<string, unknown> {
  const { path, author, description, source, registered, hidden, enabled, principals, securityDescriptor } = task
  const [principal] = principals
  return defined({
    path,
    author,
    description,
    source,
    registered,
    last_run: task.lastRun,
    hidden,
    enabled,
    run_level: principal?.runLevel,
    logon_type: principal?.logonType,
    principals: principals.length > 1 ? principals.map((one) => defined({ ...one })) : undefined,
    triggers: task.triggers.map(triggerFields),
    actions: task.actions.map(actionFields),
    security_descriptor: securityDescriptor,
  })
}

function triggerFields({ type, enabled, start, end, details }: Trigger): Record<string, unknown> {
  return defined({ type, enabled, start, end, details: details.length > 0 ? details : undefined })
}

function actionFields({ details, classId, workingDirectory, ...action }: Action): Record<string, unknown> {
  return defined({
    ...action,
    working_directory: workingDirectory,
    class_id: classId,
    details: details.length > 0 ? details : undefined,
  })
}
