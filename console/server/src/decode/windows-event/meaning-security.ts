import { member, subject, targetGroup, targetUser } from './accounts.ts'
import { credentialMeanings } from './credentials.ts'
import type { ChannelMeanings, Meaning } from './meaning.ts'
import { number, program, text } from './rule.ts'
import { installed } from './services.ts'
import { shareMeanings } from './shares.ts'
import { signInMeanings } from './sign-ins.ts'

function account(says: string, action: string, type: string): Meaning {
  const rules = [...subject, ...targetUser]
  return { says, action, category: ['iam'], type: ['user', type], outcome: 'audited', rules, about: 'user.target.name' }
}

function group(says: string, action: string, type: string): Meaning {
  const rules = [...subject, ...targetGroup, ...member]
  return { says, action, category: ['iam'], type: ['group', type], outcome: 'audited', rules, about: 'group.name' }
}

function task(says: string, action: string, type: string): Meaning {
  const rules = [...subject, text('TaskName', 'winlog.task_name')]
  return {
    says,
    action,
    category: ['configuration'],
    type: [type],
    outcome: 'audited',
    rules,
    about: 'winlog.task_name',
  }
}

const groupAdded = group('A group was added', 'group-added', 'creation')
const groupRemoved = group('A group was deleted', 'group-removed', 'deletion')
const groupChanged = group('A group was changed', 'group-changed', 'change')
const memberAdded = group('A member was added to a group', 'group-member-added', 'change')
const memberRemoved = group('A member was removed from a group', 'group-member-removed', 'change')

/** Numbers of the Security channel (Microsoft, "Events to Monitor", Appendix L), in their order. */
export const security: ChannelMeanings = {
  channel: 'Security',
  providers: ['Microsoft-Windows-Security-Auditing', 'Microsoft-Windows-Eventlog'],
  meanings: new Map<number, Meaning>([
    [
      1102,
      {
        says: 'The Security log was cleared',
        action: 'log-cleared',
        category: ['configuration'],
        type: ['deletion'],
        outcome: 'success',
        rules: subject,
        about: 'user.name',
      },
    ],
    ...signInMeanings,
    [
      4688,
      {
        says: 'A process was started',
        action: 'process-started',
        category: ['process'],
        type: ['start'],
        rules: [
          ...subject,
          text('TargetUserSid', 'user.effective.id'),
          text('TargetUserName', 'user.effective.name'),
          text('TargetDomainName', 'user.effective.domain'),
          number('NewProcessId', 'process.pid'),
          program('NewProcessName', 'process'),
          text('CommandLine', 'process.command_line'),
          number('ProcessId', 'process.parent.pid'),
          program('ParentProcessName', 'process.parent'),
        ],
        about: 'process.executable',
      },
    ],
    [
      4689,
      {
        says: 'A process ended',
        action: 'process-ended',
        category: ['process'],
        type: ['end'],
        rules: [
          ...subject,
          number('ProcessId', 'process.pid'),
          program('ProcessName', 'process'),
          number('Status', 'process.exit_code'),
        ],
        about: 'process.executable',
      },
    ],
    [4697, installed('ServiceFileName', subject)],
    [4698, task('A scheduled task was created', 'task-created', 'creation')],
    [4699, task('A scheduled task was deleted', 'task-deleted', 'deletion')],
    [4700, task('A scheduled task was switched on', 'task-enabled', 'change')],
    [4701, task('A scheduled task was switched off', 'task-disabled', 'change')],
    [4702, task('A scheduled task was changed', 'task-changed', 'change')],
    [
      4719,
      {
        says: 'The audit policy was changed',
        action: 'audit-policy-changed',
        category: ['configuration'],
        type: ['change'],
        outcome: 'audited',
        rules: subject,
        about: 'user.name',
      },
    ],
    [4720, account('A user account was added', 'user-added', 'creation')],
    [4722, account('A user account was enabled', 'user-enabled', 'change')],
    [4723, account('A password change was tried', 'password-changed', 'change')],
    [4724, account('A password reset was tried', 'password-reset', 'change')],
    [4725, account('A user account was disabled', 'user-disabled', 'change')],
    [4726, account('A user account was deleted', 'user-removed', 'deletion')],
    [4727, groupAdded],
    [4728, memberAdded],
    [4729, memberRemoved],
    [4730, groupRemoved],
    [4731, groupAdded],
    [4732, memberAdded],
    [4733, memberRemoved],
    [4734, groupRemoved],
    [4735, groupChanged],
    [4737, groupChanged],
    [4738, account('A user account was changed', 'user-changed', 'change')],
    [4740, account('A user account was locked', 'user-locked', 'change')],
    [4756, memberAdded],
    [4757, memberRemoved],
    [4767, account('A user account was unlocked', 'user-unlocked', 'change')],
    ...credentialMeanings,
    ...shareMeanings,
  ]),
}
