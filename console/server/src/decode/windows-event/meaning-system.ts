import type { ChannelMeanings, Meaning } from './meaning.ts'
import { account, text, writer } from './rule.ts'
import { installed } from './services.ts'

function host(says: string, action: string, type: string): Meaning {
  return { says, action, category: ['host'], type: [type] }
}

/** Numbers of the System channel. */
export const system: ChannelMeanings = {
  channel: 'System',
  providers: ['Service Control Manager', 'Microsoft-Windows-Eventlog', 'EventLog', 'USER32', 'User32'],
  meanings: new Map<number, Meaning>([
    [
      104,
      {
        says: 'A log was cleared',
        action: 'log-cleared',
        category: ['configuration'],
        type: ['deletion'],
        outcome: 'success',
        rules: [
          text('SubjectUserName', 'user.name'),
          text('SubjectDomainName', 'user.domain'),
          text('Channel', 'winlog.cleared_channel'),
        ],
        about: 'winlog.cleared_channel',
      },
    ],
    [
      1074,
      {
        ...host('A shutdown or restart was begun', 'shutdown', 'end'),
        rules: [account('param7', 'user'), text('param5', 'winlog.shutdown_type'), text('param3', 'event.reason')],
        about: 'winlog.shutdown_type',
      },
    ],
    [6005, host('The event log began: the machine was started', 'boot', 'start')],
    [6006, host('The event log ended: the machine was shut down', 'shutdown', 'end')],
    [7045, installed('ImagePath', [writer])],
  ]),
}
