import { readAsctime } from '../dated.ts'
import type { Message } from '../decoder.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { doubtful, meanings, readSentence, type Sentence, withDetails } from '../sentence.ts'
import { toCount } from '../text.ts'

const client = 'Client "(?<address>[0-9A-Fa-f.:]{2,45})"'

/** After the address of a refusal comes only what vsftpd says itself. */
const sentences: readonly Sentence[] = [
  { pattern: new RegExp(`^CONNECT: ${client}(?:, "(?<reason>[^"]*)")?$`), is: meanings.opened },
  {
    pattern: new RegExp(`^\\[(?<user>.*)\\] FAIL LOGIN: ${client}(?:, "(?<reason>[^"]*)")?$`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(`^\\[(?<user>[^\\]]*)\\] OK LOGIN: ${client}(?:, anon password ".*")?$`),
    is: meanings.signedIn,
  },
  ...transfers('UPLOAD', { category: ['file'], type: ['creation'], action: 'file-uploaded' }),
  ...transfers('DOWNLOAD', { category: ['file'], type: ['access'], action: 'file-downloaded' }),
  {
    pattern: new RegExp(`^\\[(?<user>[^\\]]*)\\] OK (?:DELETE|RMDIR): ${client}, "(?<path>.*)"$`),
    is: { category: ['file'], type: ['deletion'], outcome: 'success', action: 'file-deleted' },
  },
  {
    pattern: new RegExp(`^\\[(?<user>[^\\]]*)\\] OK (?<command>MKDIR|RENAME|CHMOD): ${client}, "(?<path>.*)"$`),
    is: { category: ['file'], type: ['change'], outcome: 'success', action: 'file-changed' },
  },
]

function transfers(command: string, event: Message['event']): Sentence[] {
  const before = `^\\[(?<user>[^\\]]*)\\]`
  return [
    {
      pattern: new RegExp(`${before} OK ${command}: ${client}, "(?<path>.*)", (?<size>\\d{1,15}) bytes, `),
      is: { ...event, outcome: 'success' },
    },
    {
      pattern: new RegExp(`${before} FAIL ${command}: ${client}, "(?<path>.*)", `),
      is: { ...event, outcome: 'failure' },
    },
  ]
}

/** `Fri Jan 19 12:20:33 2007 [pid 27202] `. */
export const vsftpd: OwnLog = {
  id: 'vsftpd',
  title: 'vsftpd',
  programs: ['vsftpd'],
  usual: logNamed('vsftpd\\.log'),
  front(text) {
    const reading = readAsctime(text)
    const pid = reading && /^ \[pid (\d{1,10})\] /.exec(text.slice(reading.end, reading.end + 20))
    if (!reading || !pid) return undefined
    return { ...frontOf(text, reading), next: reading.end + pid[0].length, pid: toCount(pid[1] ?? '') }
  },
  decode(text) {
    const message = readSentence(sentences, text, 'vsftpd')
    if (message === undefined) return undefined
    if (!isDouble(text)) return withFile(message)
    return doubtful({ ...message, event: { ...message.event, outcome: 'unknown' } })
  },
}

function withFile(message: Message): Message {
  const { path, size, ...details } = message.tidewaiter ?? {}
  if (path === undefined) return message
  const file = { path, ...(size !== undefined && { size: Number(size) }) }
  return { ...withDetails(message, details), file }
}

/**
 * A name of any kind stands before the address of a refusal; a password or a file name behind that of a success. Each
 * can imitate the other's line. A second client behind anything but a refusal leaves open what the line says.
 */
function isDouble(text: string): boolean {
  const [first, second] = text.matchAll(/\] (?:OK|FAIL) (\w{1,16}): Client "/g)
  return first !== undefined && second !== undefined && !first[0].startsWith('] FAIL LOGIN')
}
