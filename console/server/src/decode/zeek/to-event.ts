import { toEnd } from '../address.ts'
import type { Event } from '../decoder.ts'
import { addAccount } from './accounts.ts'
import { addFile } from './files.ts'
import { addFlow } from './flow.ts'
import { addNotice } from './notices.ts'
import { addProtocol } from './protocols.ts'
import { toInstant } from './to-instant.ts'
import type { Values } from './values.ts'

export const dataset = 'zeek'

/** What each log adds to the event; false for a log that another knows. */
const adders = [addFlow, addProtocol, addAccount, addFile, addNotice]

/** Adds what stands in the fields of a line. What nobody looks at stays below `tidewaiter.fields`. */
export function addValues(event: Event, path: string | undefined, values: Values): void {
  addTime(event, values)
  addEnds(event, values)
  event.event.category = ['network']
  event.event.type = ['info']
  if (path !== undefined) event.tidewaiter.log = path
  adders.some((add) => add(event, path ?? '', values))
  const rest = values.rest()
  if (Object.keys(rest).length > 0) event.tidewaiter.fields = rest
  event.message = messageOf(event, path)
}

function addTime(event: Event, values: Values): void {
  const raw = values.text('ts')
  const at = raw === undefined ? undefined : toInstant(raw)
  if (at !== undefined) event['@timestamp'] = at
  else if (raw !== undefined) event.tidewaiter.time = { raw }
}

function addEnds(event: Event, values: Values): void {
  const [from, fromPort] = [values.text('id.orig_h'), values.count('id.orig_p')]
  const [to, toPort] = [values.text('id.resp_h'), values.count('id.resp_p')]
  if (from !== undefined) event.source = toEnd(from, fromPort)
  if (to !== undefined) event.destination = toEnd(to, toPort)
  const [uid, transport, community] = [values.text('uid'), values.text('proto'), values.text('community_id')]
  if (uid !== undefined) event.tidewaiter.connection = uid
  const network = {
    ...(transport !== undefined && transport !== 'unknown_transport' && { transport }),
    ...(community !== undefined && { community_id: community }),
  }
  if (Object.keys(network).length > 0) event.network = network
  const sensor = values.text('@system') ?? values.text('_system_name')
  if (sensor !== undefined) event.observer = { name: sensor }
  for (const name of ['@stream', '_path', '@proc', '_write_ts', '@timestamp']) values.drop(name)
}

/** In short what the line says: a log's adder leaves it below `says`, which is no field of the event. */
function messageOf({ event, source, destination, message, tidewaiter }: Event, path: string | undefined): string {
  const { says } = tidewaiter
  delete tidewaiter.says
  if (message !== undefined && message !== event.original) return message
  const ends = [source, destination].map(shown).filter((text) => text !== '')
  return [path ?? 'line', ends.join(' to '), says].filter((word) => word !== undefined && word !== '').join(' ')
}

function shown(end: unknown): string {
  const { address, port } = (end ?? {}) as { address?: string; port?: number }
  if (address === undefined) return ''
  return port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
