import { readAsctime } from '../dated.ts'
import type { Message } from '../decoder.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { readSentence, toEndpoint } from '../sentence.ts'
import { sentences } from './sentences.ts'

/** `[Thu Jul 11 01:21:41.250000 2013] `; what follows stands in syslog too (ErrorLogFormat, default). */
export const apache: OwnLog = {
  id: 'apache',
  title: 'Apache httpd error log',
  programs: ['httpd', 'apache2', 'apache'],
  usual: logNamed('(apache2?|httpd)/[\\w.-]*error[\\w.-]*'),
  front(text) {
    const reading = text.startsWith('[') ? readAsctime(text, 1) : undefined
    if (reading === undefined || !text.startsWith('] [', reading.end)) return undefined
    return { ...frontOf(text, reading, 1), next: reading.end + 2 }
  },
  decode: (text) => decode(text),
}

/** `[module:level] [pid N:tid N] [client ADDRESS:PORT] AH01618: `. */
const before =
  /^\[(?:(?<module>[\w-]{0,40}):)?(?<level>emerg|alert|crit|error|warn|notice|info|debug|trace\d)\] (?:\[pid \d{1,10}(?::tid \d{1,20})?\] )?(?:\[(?:client|remote) (?<peer>[^\s]{1,80}?)\] )?(?:(?<code>AH\d{5}): )?/

function decode(text: string): Message | undefined {
  const said = before.exec(text)
  const { peer, code, module } = said?.groups ?? {}
  if (said === null || peer === undefined) return undefined
  const message: Message = readSentence(sentences, text.slice(said[0].length), 'apache') ?? {
    event: { category: ['web'], type: ['error'] },
    service: { name: 'apache' },
  }
  message.source = toEndpoint(peer)
  if (code !== undefined) message.event.code = code
  if (module !== undefined && module !== '') message.tidewaiter = { ...message.tidewaiter, module }
  return message
}
