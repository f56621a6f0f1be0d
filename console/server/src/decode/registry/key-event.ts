import type { Damage } from '../damaged.ts'
import type { Event } from '../decoder.ts'
import { baseBlockBytes } from './base-block.ts'
import type { Hive } from './hive.ts'
import { classNameOf, type KeyNode, keyFlag } from './key-node.ts'
import { eventAt, registryOf, type Told } from './told.ts'
import type { Value } from './value.ts'
import { typeName, valueText } from './value-text.ts'

/** So many values, and characters of them, are in one event; what is more goes on in the next. */
const mostValues = 100
const mostCharacters = 8192

/** What is known of a key before its values are read. */
export interface KeyFound {
  node: KeyNode
  path: string
  values: readonly Value[]
  damage?: Damage | undefined
  /** Where it was found, other than in the list of its parent. */
  left?: 'in free cells' | 'in a log'
}

interface ValueSaid {
  name: string
  type: string
  data: string
  /** Text that stands within data that is none. */
  text?: string
  /** Bytes of the data, where not all of it is here. */
  bytes?: number
  error?: string
}

/**
 * A key is one event, as it has one time: that of the last change of any of its values or of the list of its subkeys.
 * Which value changed then is told nowhere. Only a key with very many values is several.
 */
export function* keyEvents(hive: Hive, told: Told, found: KeyFound): Generator<Event> {
  let said: ValueSaid[] = []
  let characters = 0
  let part = 1
  for (const value of found.values) {
    const one = sayValue(hive, value)
    if (said.length >= mostValues || (said.length > 0 && characters + sizeOf(one) > mostCharacters)) {
      yield keyEvent(hive, told, { found, said, part: part++ })
      said = []
      characters = 0
    }
    said.push(one)
    characters += sizeOf(one)
  }
  yield keyEvent(hive, told, { found, said, part })
}

function sizeOf({ name, data, text = '' }: ValueSaid): number {
  return name.length + data.length + text.length
}

export function sayValue(hive: Hive, value: Value): ValueSaid {
  const { text, within, isCut, damage } = valueText(hive, value)
  const said: ValueSaid = { name: value.name, type: typeName(value.type), data: text }
  if (within !== undefined) said.text = within
  if (isCut === true || damage !== undefined) said.bytes = value.size
  if (damage !== undefined) said.error = damage
  return said
}

function keyEvent(
  hive: Hive,
  told: Told,
  { found, said, part }: { found: KeyFound; said: readonly ValueSaid[]; part: number },
): Event {
  const { node, path, damage, left } = found
  const event = eventAt(told, baseBlockBytes + node.offset)
  event.event.action = actions[left ?? 'in its place']
  event.registry = registryOf(path)
  event.message = messageOf(path, said, left)
  const { tidewaiter } = event
  if (node.writtenAt !== undefined) {
    event['@timestamp'] = node.writtenAt
    tidewaiter.time_is = 'key last written'
  }
  if (said.length > 0) tidewaiter.values = said
  if (part > 1) tidewaiter.part = part
  if (left === 'in free cells') tidewaiter.deleted = true
  if (path.includes('\0') || said.some(({ name }) => name.includes('\0'))) tidewaiter.hidden_name = true
  if (left === undefined) addMore(hive, node, told, tidewaiter)
  if (damage !== undefined)
    event.error = { code: damage.code, message: `Of this key not all can be read. ${damage.says}` }
  return event
}

const actions = {
  'in its place': 'key-found',
  'in free cells': 'deleted-key-found',
  'in a log': 'logged-key-found',
} as const

function addMore(hive: Hive, node: KeyNode, told: Told, tidewaiter: Event['tidewaiter']): void {
  const owner = told.ownerOf?.(node.security)
  if (owner !== undefined) tidewaiter.owner = owner
  const className = classNameOf(hive, node)
  if (className !== undefined) tidewaiter.class = className
  if (node.flags & keyFlag.link) tidewaiter.link = true
}

/** Everything that is searched: names and data. */
function messageOf(path: string, said: readonly ValueSaid[], left: KeyFound['left']): string {
  const values = said.map(
    ({ name, data, text }) => `${name === '' ? '(default)' : name} = ${(text ?? data).replaceAll('\n', ' | ')}`,
  )
  return `${left === 'in free cells' ? 'Deleted: ' : ''}${path}${values.length === 0 ? '' : `: ${values.join('; ')}`}`
}
