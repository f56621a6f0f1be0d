import type { ChannelMeanings, Meaning } from './meaning.ts'
import { account, baseName, program, putter, type Rule, text, textIn, writer } from './rule.ts'

const [putPath, putName] = [putter('file.path'), putter('file.name')]

/** `file:_C:\Users\ana\x.exe; file:_C:\...`: kind and path of each thing, of which the first file counts. */
const threatened: Rule = (document, fields) => {
  const all = textIn(fields, 'Path')
  const at = all?.indexOf('file:_') ?? -1
  if (all === undefined || at < 0) return
  const end = all.indexOf(';', at)
  const path = all.slice(at + 6, end < 0 ? undefined : end)
  putPath(document, path)
  putName(document, baseName(path))
}

const threat: readonly Rule[] = [
  text('Threat Name', 'rule.name'),
  threatened,
  program('Process Name', 'process'),
  account('Detection User', 'user'),
]

function malware(says: string, action: string): Meaning {
  return { says, action, category: ['malware'], type: ['info'], rules: threat, about: 'rule.name' }
}

/** Numbers of Microsoft Defender Antivirus (learn.microsoft.com/defender-endpoint/troubleshoot-microsoft-defender-antivirus). */
export const defender: ChannelMeanings = {
  channel: 'Microsoft-Windows-Windows Defender/Operational',
  providers: ['Microsoft-Windows-Windows Defender'],
  meanings: new Map<number, Meaning>([
    [1116, malware('Defender found malware', 'malware-found')],
    [1117, malware('Defender acted against malware', 'malware-handled')],
    [
      5001,
      {
        says: 'Real-time protection of Defender was switched off',
        action: 'protection-disabled',
        category: ['configuration'],
        type: ['change'],
        outcome: 'success',
        rules: [writer],
      },
    ],
  ]),
}
