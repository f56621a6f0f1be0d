import type { Event } from '../decoder.ts'
import { type Hive, isDamage } from './hive.ts'
import { keyOf } from './key.ts'
import { type KeyNode, keyNodeAt } from './key-node.ts'
import type { Mount } from './mount.ts'
import { subkeysOf } from './subkeys.ts'

/** Which of the control sets of a SYSTEM hive Windows shows as the current one. */
export interface ControlSet {
  /** As the hive has it: `ControlSet001`. */
  name: string
  offset: number
}

/** As Windows and its logs name it. */
export const currentName = 'CurrentControlSet'

/** `Select` has its number. Undefined where there is none. */
export function currentSet(hive: Hive, root: KeyNode, mount: Mount): ControlSet | undefined {
  if (mount.hive !== 'SYSTEM') return undefined
  const number = keyOf(hive, root, '').below('Select')?.number('Current')
  const name = `ControlSet${String(number).padStart(3, '0')}`
  for (const offset of subkeysOf(hive, root).offsets) {
    const node = keyNodeAt(hive, offset)
    if (!isDamage(node) && node.name.toLowerCase() === name.toLowerCase()) return { name: node.name, offset }
  }
  return undefined
}

/** Says in an event of a key which control set it is in: of those that are not the current one, what holds no more. */
export function noteSet(event: Event, path: string, current: ControlSet | undefined): void {
  if (current === undefined) return
  const [, name = ''] = /^HKLM\\SYSTEM\\(ControlSet\d{3}|CurrentControlSet)(?:\\|$)/i.exec(path) ?? []
  if (name === currentName) {
    event.tidewaiter.control_set = { name: current.name, is_current: true }
    event.message = `${event.message} (${current.name})`
  } else if (name !== '') event.tidewaiter.control_set = { name, is_current: false }
}
