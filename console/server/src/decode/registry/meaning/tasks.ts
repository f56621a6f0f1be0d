import { readFields, type Structure } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Fact, Meaning } from './meaning.ts'

const cache = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache'

/** A program is started; other actions call a class of COM, or are gone since Windows 8. */
const execute = 0x6666
const mostActions = 32

/** Tasks as the scheduler itself keeps them, also where their files were deleted. */
export const tasks: readonly Meaning[] = [
  { paths: [`${cache}\\Tasks\\*`], read: taskOf },
  // Folders of tasks nest.
  { paths: ['*', '*\\*', '*\\*\\*', '*\\*\\*\\*'].map((below) => `${cache}\\Tree\\${below}`), read: treeOf },
]

interface Action {
  command: string
  arguments: string
}

function taskOf(key: Key): Fact[] {
  const name = key.text('Path') ?? key.text('URI')
  if (name === undefined) return []
  const actions = readFields(key.bytes('Actions'), actionsOf) ?? []
  const [first] = actions
  const command = first === undefined ? '' : ` runs ${first.command} ${first.arguments}`.trimEnd()
  const [registered, lastRun] = [4, 12].map((at) => readFields(key.bytes('DynamicInfo'), (info) => info.instant(at)))
  const more = { task: { name, author: key.text('Author'), actions, registered, last_run: lastRun } }
  const fields = first === undefined ? {} : { file: { path: first.command.replaceAll('"', '') } }
  const facts: Fact[] = [{ of: 'key', action: 'task-found', says: `Task ${name}${command}`, fields, more }]
  if (lastRun !== undefined)
    facts.push({
      of: 'entry',
      action: 'task-ran',
      says: `Task ${name} ran`,
      category: ['process'],
      type: ['start'],
      value: 'DynamicInfo',
      at: { time: lastRun, is: 'last run' },
      fields,
      more: { task: { name } },
    })
  return facts
}

/** Version (2); since the third the account it runs as; then actions: kind (2), name, program, arguments, folder. */
function actionsOf(data: Structure): Action[] {
  const actions: Action[] = []
  let at = 2
  const text = () => {
    const bytes = data.u32(at)
    at += 4 + bytes
    return data.wide(at - bytes, bytes >> 1)
  }
  if (data.u16(0) >= 2) text()
  while (actions.length < mostActions && at + 2 <= data.bytes.length && data.u16(at) === execute) {
    at += 2
    text()
    actions.push({ command: text(), arguments: text() })
    text()
    // Flags, since version 3.
    if (data.u16(0) >= 3) at += 2
  }
  return actions
}

/** A task without a security descriptor is shown by no tool of Windows: some malware hides its tasks so. */
function treeOf(key: Key): Fact[] {
  const id = key.text('Id')
  if (id === undefined || key.bytes('SD') !== undefined) return []
  return [
    {
      of: 'key',
      action: 'task-hidden',
      says: `Task ${key.name} has no security descriptor, so that Windows does not show it`,
      more: { task: { id } },
    },
  ]
}
