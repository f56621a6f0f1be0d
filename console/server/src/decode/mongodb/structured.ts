import { readDate } from '../dated.ts'
import type { Message } from '../decoder.ts'
import type { Front } from '../own-log.ts'
import { isRow, parseRow, type Row, textIn } from '../row.ts'
import { meanings, toEndpoint } from '../sentence.ts'

const mostCharacters = 16_384

/** What a message means, by the words that are the same since 4.4 (src/mongo/db/auth/sasl_commands.cpp). */
const events = new Map<string, Message['event']>([
  ['Authentication failed', meanings.notSignedIn],
  ['Failed to authenticate', meanings.notSignedIn],
  ['Authentication succeeded', meanings.signedIn],
  ['Successful authentication', meanings.signedIn],
  ['Successfully authenticated', meanings.signedIn],
  ['Connection accepted', meanings.opened],
  ['Connection ended', meanings.closed],
])

/** `{"t":{"$date":"..."},"s":"I","c":"ACCESS","id":20249,"ctx":"conn1","msg":"Authentication failed","attr":{...}}`. */
export function structuredFront(text: string): Front | undefined {
  const row = text.length > mostCharacters ? undefined : parseRow(text)
  const raw = row && isRow(row.t) ? textIn(row.t, '$date') : undefined
  const reading = raw === undefined ? undefined : readDate(raw)
  if (row === undefined || reading?.end !== raw?.length || reading === undefined) return undefined
  return { raw: raw ?? '', written: reading.written, next: 0, level: textIn(row, 's'), thread: textIn(row, 'ctx') }
}

/** Every value stands in a field of its own, which no name can leave. */
export function readStructured(text: string): Message | undefined {
  const row = text.length > mostCharacters ? undefined : parseRow(text)
  const event = row && events.get(textIn(row, 'msg') ?? '')
  if (row === undefined || event === undefined) return undefined
  const attributes = isRow(row.attr) ? row.attr : {}
  const message: Message = { event: { ...event }, service: { name: 'mongodb' } }
  const peer = firstOf(attributes, ['remote', 'client'])
  if (peer !== undefined) message.source = toEndpoint(peer)
  const user = firstOf(attributes, ['principalName', 'user'])
  if (user !== undefined) message.user = { name: user }
  const error = textIn(attributes, 'error')
  if (error !== undefined && event.outcome === 'failure') message.event.reason = error
  const [method, database] = [textIn(attributes, 'mechanism'), firstOf(attributes, ['authenticationDatabase', 'db'])]
  if (method !== undefined || database !== undefined)
    message.tidewaiter = { ...(method !== undefined && { method }), ...(database !== undefined && { database }) }
  return message
}

function firstOf(row: Row, names: readonly string[]): string | undefined {
  return names.map((name) => textIn(row, name)).find((value) => value !== undefined)
}
