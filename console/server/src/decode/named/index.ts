import { toEnd } from '../address.ts'
import { readDayFirst } from '../dated.ts'
import type { Message } from '../decoder.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { readSentence, type Sentence } from '../sentence.ts'
import { toCount } from '../text.ts'

const denied = { category: ['network'], type: ['protocol', 'denied'], outcome: 'failure' } as const
const question = "'(?<question>[^']{0,300})'"

/** What was asked stands behind the client, which named writes first. */
const sentences: readonly Sentence[] = [
  { pattern: new RegExp(`^(?:query \\(cache\\)|query) ${question} denied`), is: { ...denied, action: 'query-denied' } },
  { pattern: new RegExp(`^zone transfer ${question} denied`), is: { ...denied, action: 'transfer-denied' } },
  {
    pattern: new RegExp(`^bad zone transfer request: ${question}: (?<reason>.*)$`),
    is: { ...denied, action: 'transfer-denied' },
  },
  {
    pattern: new RegExp(`^(?:update|update forwarding) ${question} denied`),
    is: { ...denied, action: 'update-denied' },
  },
  {
    pattern: new RegExp(`^(?:notify|received notify for zone) ${question} denied`),
    is: { ...denied, action: 'notify-denied' },
  },
  {
    pattern: /^request has invalid signature: (?<reason>.*)$/,
    is: { category: ['authentication'], type: ['start'], outcome: 'failure', action: 'authentication-failed' },
  },
]

/** `client @0x7f7c95c76968 192.0.2.3#60683/key NAME (example.com): view internal: `. */
const client =
  /^client (?:@0x[0-9a-f]{1,16} )?(?<address>[0-9A-Fa-f:.]{2,45})#(?<port>\d{1,5})(?:\/key [^\s:]{1,255})?(?: \([^\s]{0,1024}\))?: (?:view [^\s:]{1,255}: )?/

/** Requests that BIND refused: the names in them are the client's. */
export const named: OwnLog = {
  id: 'named',
  title: 'BIND (named)',
  // Its categories, where it wrote the file itself without a year: `Oct 23 02:06:39 security: info: client ...`.
  programs: ['named', 'security', 'update-security', 'update', 'xfer-out', 'notify', 'query-errors'],
  usual: logNamed('(named|bind)/[\\w.-]+'),
  front(text) {
    const reading = readDayFirst(text)
    return reading === undefined || text[reading.end] !== ' '
      ? undefined
      : { ...frontOf(text, reading), next: reading.end + 1 }
  },
  marks: / client (?:@0x[0-9a-f]{1,16} )?[0-9A-Fa-f:.]{2,45}#\d|named\[|: zone \S{1,255}\/IN/,
  decode(text) {
    const before = /^(?:[a-z-]{1,20}: )?(?:(?:info|notice|warning|error|critical|debug \d{1,3}): )?/.exec(text)
    const own = text.slice(before?.[0].length ?? 0)
    const said = client.exec(own)
    const message: Message | undefined = said ? readSentence(sentences, own.slice(said[0].length), 'named') : undefined
    if (message === undefined) return undefined
    message.source = toEnd(said?.groups?.address ?? '', toCount(said?.groups?.port ?? ''))
    message.network = { protocol: 'dns' }
    return message
  },
}
