import type { ChannelMeanings, Meaning } from './meaning.ts'
import { number, text, writer } from './rule.ts'

const category = ['process'] as const
const type = ['info'] as const

/** Numbers of PowerShell's own log, where its policies let it write them. */
export const powershell: ChannelMeanings = {
  channel: 'Microsoft-Windows-PowerShell/Operational',
  providers: ['Microsoft-Windows-PowerShell'],
  meanings: new Map<number, Meaning>([
    [
      4103,
      {
        says: 'PowerShell ran a command',
        action: 'powershell-command',
        category,
        type,
        rules: [writer],
        about: 'winlog.event_data.Payload',
      },
    ],
    [
      4104,
      {
        says: 'PowerShell ran a script',
        action: 'powershell-script',
        category,
        type,
        // A long script comes in several events.
        rules: [writer, text('Path', 'file.path'), number('MessageNumber', 'event.sequence')],
        about: 'winlog.event_data.ScriptBlockText',
      },
    ],
  ]),
}
