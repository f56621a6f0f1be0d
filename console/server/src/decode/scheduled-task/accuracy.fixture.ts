import type { Accuracy } from '../accuracy.fixture.ts'
import type { DecodeContext, Event } from '../decoder.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { bytesOf, truthOf } from '../shared-data.fixture.ts'
import { scheduledTask } from './index.ts'

/** Texts of the elements of a task as Python's ElementTree finds them; of a `.job` file what others assert of it. */
interface FileTruth {
  uri?: readonly string[]
  author?: readonly string[]
  date?: readonly string[]
  user_id?: readonly string[]
  run_level?: readonly string[]
  command?: readonly string[]
  arguments?: readonly string[]
  class_id?: readonly string[]
  hidden?: readonly string[]
  triggers?: readonly string[]
  asserted?: { application: string; parameters: string; username: string; comment: string }
}

export function sampleEvents(name: string, context: DecodeContext = {}): Event[] {
  return eventsOf(scheduledTask, [bytesOf(`windows_tasks/${name}`)], { context })
}

/** Values of all samples. */
export function taskAccuracy(): Accuracy {
  const files: [string, FileTruth][] = Object.entries(truthOf('windows_tasks').files)
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const [name, truth] of files) {
    const found = foundIn(sampleEvents(name)[0])
    for (const [field, expected] of Object.entries(expectedOf(truth))) {
      sum.records += 1
      const value = JSON.stringify(found[field])
      if (value === JSON.stringify(expected)) sum.right += 1
      else if (value === undefined) sum.missed += 1
      else sum.wrong += 1
    }
  }
  return sum
}

function expectedOf({ asserted, ...truth }: FileTruth): Record<string, readonly string[]> {
  if (asserted === undefined)
    return {
      path: truth.uri ?? [],
      author: truth.author ?? [],
      registered: truth.date ?? [],
      user: truth.user_id ?? [],
      runLevel: truth.run_level ?? [],
      command: truth.command ?? [],
      arguments: truth.arguments ?? [],
      classId: truth.class_id ?? [],
      hidden: truth.hidden ?? [],
      triggers: truth.triggers ?? [],
    }
  const { application, parameters, username, comment } = asserted
  return { command: [application], arguments: [parameters], author: [username], description: [comment] }
}

function foundIn(event: Event | undefined): Record<string, readonly unknown[]> {
  const task = (event?.tidewaiter.scheduled_task ?? {}) as Record<string, unknown>
  const [actions, triggers] = [task.actions, task.triggers] as Record<string, unknown>[][]
  const one = (value: unknown) => (value === undefined ? [] : [typeof value === 'boolean' ? String(value) : value])
  const each = (name: string) => (actions ?? []).flatMap((action) => one(action[name]))
  return {
    path: one(task.path),
    author: one(task.author),
    description: one(task.description),
    registered: one(task.registered),
    user: one((event?.user as { id?: string } | undefined)?.id),
    runLevel: one(task.run_level),
    command: each('command'),
    arguments: each('arguments'),
    classId: each('class_id'),
    hidden: one(task.hidden),
    triggers: (triggers ?? []).map(({ type }) => type),
  }
}
