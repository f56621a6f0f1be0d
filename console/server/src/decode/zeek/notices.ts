import { toEnd } from '../address.ts'
import type { Event } from '../decoder.ts'
import { defined } from '../row.ts'
import type { Values } from './values.ts'

/** What Zeek itself remarks: notices of its scripts, and traffic that is not as a protocol has it. */
export function addNotice(event: Event, path: string, values: Values): boolean {
  if (path === 'notice' || path === 'notice_alarm') return addRemark(event, values)
  if (path === 'weird') return addOddity(event, values)
  if (path !== 'dpd' && path !== 'analyzer') return false
  event.event.action = 'protocol-oddity'
  const reason = values.text('failure_reason')
  if (reason !== undefined) event.event.reason = reason
  const analyzer = values.text('analyzer') ?? values.text('analyzer_name')
  if (analyzer !== undefined) event.tidewaiter.analyzer = analyzer
  return true
}

function addRemark(event: Event, values: Values): true {
  const [note, says, sub] = [values.text('note'), values.text('msg'), values.text('sub')]
  const [from, to, port] = [values.text('src'), values.text('dst'), values.count('p')]
  event.event.category = ['intrusion_detection', 'network']
  event.event.action = 'notice'
  if (note !== undefined) event.rule = { name: note }
  if (says !== undefined) event.message = says
  event.source ??= from === undefined ? undefined : toEnd(from)
  event.destination ??= to === undefined ? undefined : toEnd(to, port)
  Object.assign(event.tidewaiter, defined({ detail: sub }))
  return true
}

function addOddity(event: Event, values: Values): true {
  const [name, more] = [values.text('name'), values.text('addl')]
  event.event.action = 'protocol-oddity'
  if (name !== undefined) event.event.reason = name
  Object.assign(event.tidewaiter, defined({ detail: more, says: name }))
  return true
}
