import { Damaged } from '../damaged.ts'
import { type Structure, structureOf } from '../structure.ts'
import { systemTimeText } from '../windows-scalar.ts'
import type { Task, Trigger } from './task.ts'

/** Fixed part of a `.job` file ([MS-TSCH] 2.4.1), and what stands in it. */
const fixedBytes = 68
const at = { fileVersion: 2, nameAt: 20, triggersAt: 22, priority: 32, flags: 48, lastRun: 52 }
/** The name of the program stands behind the fixed part and the number of its running instances. */
const nameAt = fixedBytes + 2
const priorities = [0x20, 0x40, 0x80, 0x100]
const hiddenFlag = 0x200
const disabledFlag = 0x4

/** True for the beginning of a task as Windows 2000 to 2003, and `at` on later ones, kept it. */
export function isJob(sample: Uint8Array): boolean {
  if (sample.length < nameAt + 2) return false
  const file = structureOf(sample)
  return (
    file.u16(at.fileVersion) === 1 &&
    file.u16(at.nameAt) === nameAt &&
    priorities.includes(file.u32(at.priority) & 0x1e0)
  )
}

/** Throws `Damaged`. */
export function taskOfJob(bytes: Uint8Array): Task {
  if (!isJob(bytes)) throw new Damaged('format-unknown', 'It does not begin as a task does.')
  const file = structureOf(bytes)
  const [command, words, directory, author, comment] = textsOf(file)
  const flags = file.u32(at.flags)
  return {
    author,
    description: comment,
    hidden: (flags & hiddenFlag) !== 0,
    enabled: (flags & disabledFlag) === 0,
    lastRun: lastRunOf(file),
    principals: [],
    actions: [{ type: 'Exec', command, arguments: words, workingDirectory: directory, details: [] }],
    triggers: triggersOf(file),
  }
}

/** Name of the program, its arguments, its folder, author, comment: each with its number of characters before it. */
function textsOf(file: Structure): (string | undefined)[] {
  const texts: (string | undefined)[] = []
  let from = nameAt
  for (let count = 0; count < 5; count++) {
    const units = file.u16(from)
    texts.push(file.wide(from + 2, units) || undefined)
    from += 2 + units * 2
  }
  return texts
}

/** Undefined for a task that never ran: the year is 0. */
function lastRunOf(file: Structure): string | undefined {
  const { bytes } = file.part(at.lastRun, 16)
  const text = systemTimeText(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0)
  return text.startsWith('0000') ? undefined : text
}

const triggerBytes = 48
const mostTriggers = 100
const triggerTypes = [
  'TimeTrigger',
  'DailyTrigger',
  'WeeklyTrigger',
  'MonthlyDateTrigger',
  'MonthlyDayOfWeekTrigger',
  'IdleTrigger',
  'BootTrigger',
  'LogonTrigger',
]
const hasEndFlag = 1
const triggerDisabledFlag = 4

/** [MS-TSCH] 2.4.2.11. What is not whole is left out: the task itself is read. */
function triggersOf(file: Structure): Trigger[] {
  const from = file.u16(at.triggersAt)
  const count = from + 2 <= file.bytes.length ? file.u16(from) : 0
  const whole = Math.min(count, mostTriggers, Math.floor((file.bytes.length - from - 2) / triggerBytes))
  return Array.from({ length: Math.max(whole, 0) }, (_, i) =>
    triggerOf(file.part(from + 2 + i * triggerBytes, triggerBytes)),
  )
}

function triggerOf(part: Structure): Trigger {
  const two = (place: number) => String(part.u16(place)).padStart(2, '0')
  const day = (place: number) => `${String(part.u16(place)).padStart(4, '0')}-${two(place + 2)}-${two(place + 4)}`
  const flags = part.u32(28)
  const [duration, interval] = [part.u32(20), part.u32(24)]
  return {
    type: triggerTypes[part.u32(32)] ?? 'unknown',
    enabled: (flags & triggerDisabledFlag) === 0,
    start: `${day(4)}T${two(16)}:${two(18)}:00`,
    end: (flags & hasEndFlag) === 0 ? undefined : day(10),
    details: interval === 0 ? [] : [`every ${interval} minutes for ${duration} minutes`],
  }
}
