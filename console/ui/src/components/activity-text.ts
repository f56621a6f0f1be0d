import { fieldOf, textField } from './event-text.ts'

type Document = Record<string, unknown>

/** What `event.action` of the snapshots says, in a word. */
const happened: Record<string, string> = {
  'process-started': 'Started',
  'process-seen': 'Running',
  'process-changed': 'Changed',
  'process-ended': 'Ended',
  'connection-started': 'Opened',
  'connection-attempted': 'Tried',
  'connection-closing': 'Closing',
  'connection-ended': 'Closed',
  listening: 'Listens',
  'listening-started': 'Now listens',
  'listening-ended': 'Stopped',
  bound: 'Bound',
  'bound-started': 'Now bound',
  'bound-ended': 'Released',
}

/** For decoders with actions of their own: what ECS says of every event. */
const types: readonly [string, string][] = [
  ['end', 'Ended'],
  ['start', 'Started'],
  ['change', 'Changed'],
]

/** Whether something began, ended or was merely there: the same process or connection comes once for each. */
export function happenedOf(document: Document): string {
  const action = textField(document, 'event.action') ?? ''
  if (action === 'connection-seen')
    return textField(document, 'tidewaiter.state') === 'established' ? 'Open' : 'Closing'
  if (Object.hasOwn(happened, action)) return happened[action] ?? ''
  const own = fieldOf(document, 'event.type')
  return (Array.isArray(own) && types.find(([type]) => own.includes(type))?.[1]) || ''
}

/**
 * The program by the last part of its path. The kernel's name of it belongs to a thread, which may rename itself: all
 * programs of Node are `MainThread`. That name is used where nothing else is known.
 */
export function programOf(document: Document): string {
  const name = textField(document, 'process.name') ?? ''
  const file = textField(document, 'process.executable')?.split(/[/\\]/).at(-1) ?? ''
  return file === '' ? name : file
}

const directions: Record<string, string> = {
  ingress: 'In',
  inbound: 'In',
  egress: 'Out',
  outbound: 'Out',
  internal: 'Inside',
}

const insides: Record<string, string> = { source: 'Inside, from', destination: 'Inside, to' }

/**
 * Which way a connection goes, seen from the host. One inside the host comes twice, once for each of its ends, so it is
 * said which end the process has. Empty for a socket without a peer.
 */
export function directionOf(document: Document): string {
  const [source, destination] = [textField(document, 'source.ip'), textField(document, 'destination.ip')]
  if (source === undefined || destination === undefined) return ''
  if (source === destination || (isLoopback(source) && isLoopback(destination)))
    return insides[textField(document, 'tidewaiter.own_end') ?? ''] ?? 'Inside'
  const said = textField(document, 'network.direction') ?? ''
  return Object.hasOwn(directions, said) ? (directions[said] ?? '') : 'Unclear'
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.') || ip.startsWith('::ffff:127.')
}
