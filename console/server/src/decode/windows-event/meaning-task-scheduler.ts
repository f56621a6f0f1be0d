import type { ChannelMeanings, Meaning } from './meaning.ts'
import { account, program, text } from './rule.ts'

function task(says: string, action: string, type: string, user: string): Meaning {
  return {
    says,
    action,
    category: ['configuration'],
    type: [type],
    outcome: 'success',
    rules: [text('TaskName', 'winlog.task_name'), account(user, 'user')],
    about: 'winlog.task_name',
  }
}

/** Numbers of the task scheduler's own log. */
export const taskScheduler: ChannelMeanings = {
  channel: 'Microsoft-Windows-TaskScheduler/Operational',
  providers: ['Microsoft-Windows-TaskScheduler'],
  meanings: new Map<number, Meaning>([
    [106, task('A scheduled task was created', 'task-created', 'creation', 'UserContext')],
    [140, task('A scheduled task was changed', 'task-changed', 'change', 'UserName')],
    [141, task('A scheduled task was deleted', 'task-deleted', 'deletion', 'UserName')],
    [
      200,
      {
        says: 'A scheduled task began an action',
        action: 'task-started',
        category: ['process'],
        type: ['start'],
        rules: [text('TaskName', 'winlog.task_name'), program('ActionName', 'process')],
        about: 'winlog.task_name',
      },
    ],
  ]),
}
