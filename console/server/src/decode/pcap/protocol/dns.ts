import { u16 } from '../bytes.ts'
import type { DatagramProtocol, Found, StreamProtocol } from '../protocol.ts'
import { type Message, messageIn, type Question } from './dns-message.ts'

/** IANA's registries of DNS, as far as they are common. */
const types = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [10, 'NULL'],
  [12, 'PTR'],
  [13, 'HINFO'],
  [15, 'MX'],
  [16, 'TXT'],
  [24, 'SIG'],
  [25, 'KEY'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [35, 'NAPTR'],
  [41, 'OPT'],
  [43, 'DS'],
  [46, 'RRSIG'],
  [47, 'NSEC'],
  [48, 'DNSKEY'],
  [50, 'NSEC3'],
  [52, 'TLSA'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [99, 'SPF'],
  [249, 'TKEY'],
  [250, 'TSIG'],
  [251, 'IXFR'],
  [252, 'AXFR'],
  [255, 'ANY'],
  [257, 'CAA'],
])
const responseCodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET']
const classes = new Map([
  [1, 'IN'],
  [3, 'CH'],
  [4, 'HS'],
  [254, 'NONE'],
  [255, 'ANY'],
])
/** Query, status, notify, update. */
const operations = new Map([
  [0, 'QUERY'],
  [1, 'IQUERY'],
  [2, 'STATUS'],
  [4, 'NOTIFY'],
  [5, 'UPDATE'],
])

const flag = { response: 0x8000, authoritative: 0x0400, reserved: 0x0040 }

/** Groups that questions without a server go to (RFC 6762, RFC 4795). */
const groups = new Map([
  ['224.0.0.251', 'mdns'],
  ['ff02::fb', 'mdns'],
  ['224.0.0.252', 'llmnr'],
  ['ff02::1:3', 'llmnr'],
])

export const dnsDatagrams: DatagramProtocol = {
  name: 'dns',
  finds(asks, answers, to) {
    const all = [...asks, ...answers].map(({ bytes, length }) => messageIn(bytes, 0, length))
    const messages = all.filter((message) => message !== undefined)
    if (messages.length !== all.length || !messages.every(isDns)) return undefined
    const name = groups.get(to.address) ?? (messages.every(isMulticast) ? 'mdns' : 'dns')
    return foundOf(messages, name)
  },
}

/** RFC 1035, section 4.2.2: each message after its length. */
export const dnsStream: StreamProtocol = {
  name: 'dns',
  finds(asks, answers) {
    const messages = [messageOf(asks), messageOf(answers)].filter((message) => message !== undefined)
    const isAll = messages.length === [asks, answers].filter(({ length }) => length > 0).length
    return isAll && messages.length > 0 && messages.every(isDns) ? foundOf(messages, 'dns') : undefined
  },
}

function messageOf(bytes: Uint8Array): Message | undefined {
  const length = u16(bytes, 0)
  return length < 12 ? undefined : messageIn(bytes.subarray(0, length + 2), 2, length + 2)
}

function isDns({ flags, questions, answers }: Message): boolean {
  const isKnown = operations.has((flags >> 11) & 15) && (flags & flag.reserved) === 0
  const isResponse = (flags & flag.response) !== 0
  const saysSomething = questions.length > 0 || (isResponse && answers.length > 0)
  return isKnown && saysSomething && questions.every(isQuestion)
}

/** The highest bit of a class belongs to multicast. NetBIOS has the same form, but its names are 16 bytes in 32 letters. */
function isQuestion({ name, type, class: of }: Question): boolean {
  return types.has(type) && classes.has(of & 0x7fff) && !/^[A-P]{32}(\.|$)/.test(name)
}

/** RFC 6762, sections 6 and 18: an answer has id 0, is authoritative and repeats no question. */
function isMulticast({ id, flags, questions }: Message): boolean {
  return id === 0 && (flags & 0xfbff) === flag.response && (flags & flag.authoritative) !== 0 && questions.length === 0
}

const [mostAnswers, mostQuestions] = [16, 16]

function foundOf(messages: readonly Message[], name: string): Found {
  const response = messages.find(({ flags, answers }) => (flags & flag.response) !== 0 && answers.length > 0)
  const answer = response ?? messages.find(({ flags }) => (flags & flag.response) !== 0)
  const asked = messages.find(({ questions }) => questions.length > 0)
  const [question] = asked?.questions ?? []
  const first = answer ?? messages[0]
  const names = [...new Set(messages.flatMap(({ questions }) => questions.map((one) => one.name)))]
  const operation = operations.get(((first?.flags ?? 0) >> 11) & 15)
  return {
    name,
    fields: {
      dns: {
        type: answer === undefined ? 'query' : 'answer',
        ...(first !== undefined && { id: String(first.id) }),
        ...(operation !== undefined && { op_code: operation }),
        ...(question !== undefined && { question: questionFields(question) }),
        ...(answer !== undefined && answerFields(answer)),
      },
    },
    ...(names.length > 1 && { own: { dns_questions: names.slice(0, mostQuestions) } }),
  }
}

function questionFields({ name, type, class: of }: Question): Record<string, unknown> {
  return { name, type: typeName(type), class: classes.get(of & 0x7fff) ?? String(of) }
}

function answerFields({ flags, answers }: Message): Record<string, unknown> {
  const told = answers.slice(0, mostAnswers)
  const addresses = told.filter(({ type }) => type === 1 || type === 28).map(({ data }) => data)
  return {
    response_code: responseCodes[flags & 15] ?? String(flags & 15),
    ...(told.length > 0 && {
      answers: told.map((answer) => ({
        ...questionFields(answer),
        ttl: answer.ttl,
        ...(answer.data !== '' && { data: answer.data }),
      })),
    }),
    ...(addresses.length > 0 && { resolved_ip: addresses }),
  }
}

const typeName = (type: number) => types.get(type) ?? `TYPE${type}`
