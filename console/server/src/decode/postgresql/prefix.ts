import { type End, toEnd, toIp } from '../address.ts'
import { readDate } from '../dated.ts'
import { toCount } from '../text.ts'
import { instant } from '../time.ts'
import { additions, type Said, type SaidTime, severities } from './said.ts'

/** One line of the server's text log: what `log_line_prefix` put before it, a label, and the text. */
export interface PrefixedLine {
  label: string
  text: string
  isAddition: boolean
  front: Front
}

type Front = Pick<
  Said,
  'user' | 'database' | 'application' | 'client' | 'pid' | 'session' | 'code' | 'time' | 'isDoubtful'
>

const isAddition = new RegExp(`^(?:${additions})$`)
const word = new RegExp(`(?:^|[^A-Za-z])(${severities}|${additions})$`)
/** Longer than any prefix: what comes behind is no label. */
const mostPrefix = 1024

interface Label {
  name: string
  at: number
}

/** The next label at or behind a place. */
function labelFrom(line: string, from: number): Label | undefined {
  for (
    let colon = line.indexOf(':  ', from);
    colon >= 0 && colon < mostPrefix;
    colon = line.indexOf(':  ', colon + 1)
  ) {
    const name = word.exec(line.slice(Math.max(0, colon - 11), colon))?.[1]
    if (name !== undefined) return { name, at: colon - name.length }
  }
  return undefined
}

/** Undefined for a line without a label, such as one that goes on from the line before. */
export function readPrefixed(line: string): PrefixedLine | undefined {
  if (line.startsWith('\t')) return undefined
  const first = labelFrom(line, 0)
  if (first === undefined) return undefined
  const prefix = line.slice(0, first.at)
  const time = readTime(prefix)
  if (time === undefined && !isSyslogPrefix(prefix)) return undefined
  const front = readFront(prefix, time)
  const next = first.at + first.name.length + 3
  // A name, a database and an application are the client's, and may hold a label of their own.
  if (prefix.trim() !== '' && labelFrom(line, next) !== undefined) front.isDoubtful = true
  return { label: first.name, text: line.slice(next), isAddition: isAddition.test(first.name), front }
}

/** To syslog the server writes numbers for the message and its line (`[3-1] `), and no time of its own. */
function isSyslogPrefix(prefix: string): boolean {
  return /^(?:\[\d{1,10}(?:-\d{1,6})?\] )?(?:\S{1,200} )?$/.test(prefix)
}

/** `%t` and `%m`: `2021-02-14 01:34:02 CET`, with `.123` the latter; `%n` is seconds since 1970. */
function readTime(prefix: string): (SaidTime & { from: number; end: number }) | undefined {
  const date = /(?:^|[^\d])(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})/.exec(prefix)
  if (date !== null) {
    const from = date.index + date[0].length - (date[1]?.length ?? 0)
    const reading = readDate(prefix, from)
    const zone = reading && /^ ?([A-Z]{1,5}|[+-]\d{2}(?::?\d{2})?)(?![A-Za-z])/.exec(prefix.slice(reading.end))
    if (reading !== undefined && zone) {
      const end = reading.end + zone[0].length
      return { raw: prefix.slice(from, end), written: reading.written, zone: zone[1] ?? '', from, end }
    }
  }
  const epoch = /(?:^|[ <[(])((\d{10})\.(\d{3}))(?!\d)/.exec(prefix)
  const [, raw, seconds, fraction = ''] = epoch ?? []
  const at = raw === undefined ? undefined : instant(Number(seconds), fraction)
  if (epoch === null || raw === undefined || at === undefined) return undefined
  const end = epoch.index + epoch[0].length
  return { raw, at, from: end - raw.length, end }
}

/** What stands before and behind the time. */
interface Around {
  head: string
  tail: string
}

function readFront(prefix: string, time: (SaidTime & { from: number; end: number }) | undefined): Front {
  const { from = 0, end = 0, ...said } = time ?? {}
  const front: Front = time === undefined ? {} : { time: said as SaidTime }
  const around = { head: prefix.slice(0, from), tail: prefix.slice(end) }
  const pid = /\[(\d{1,10})\]|\bpid=(\d{1,10})\b/.exec(around.tail)
  if (pid !== null) front.pid = toCount(pid[1] ?? pid[2] ?? '')
  const session = /(?:^|[^0-9A-Za-z.])([0-9a-f]{8}\.[0-9a-f]{1,6})(?![0-9A-Za-z.])/.exec(around.tail)?.[1]
  if (session !== undefined) front.session = session
  const isNamed = /\b(?:user|db|app|client|host)=/.test(prefix)
  return isNamed ? addNamed(front, `${around.head}\n${around.tail}`) : addBare(front, around)
}

const valueAt = (names: string) =>
  new RegExp(`(?:^|[ ,:[(])(?:${names})=([^,\\]]*?)(?=,|\\]|[ ,]+[A-Za-z_]{1,20}=| *:? *$)`, 'i')

const values = {
  user: valueAt('user|usr|u'),
  database: valueAt('db|database|d'),
  application: valueAt('app|application|application_name|a'),
  host: valueAt('client|host|remote|h|r'),
} as const

/** `user=%u,db=%d,app=%a,client=%h`: a key that stands there twice was put there by a client, in one of the values. */
function addNamed(front: Front, rest: string): Front {
  const keys = [...rest.matchAll(/(?:^|[ ,:[(])([A-Za-z_]{1,20})=/g)].map(([, key = '']) => key.toLowerCase())
  if (new Set(keys).size < keys.length) return { ...front, isDoubtful: true }
  front.user = known(values.user.exec(rest)?.[1])
  front.database = known(values.database.exec(rest)?.[1])
  front.application = known(values.application.exec(rest)?.[1])
  front.client = toClient(known(values.host.exec(rest)?.[1]))
  return front
}

const address = '(?<client>[0-9A-Fa-f:.]{3,45}(?:\\(\\d{1,5}\\))?|\\[local\\])'
/** Before the time, or right behind it, nothing that a client chose can stand before an address. */
const before = new RegExp(`^${address}[ :]?$`)
const behind = new RegExp(`^:${address}:`)
const account = /(?:^|[ :])(?<user>[^\s:@]{1,128})@(?<database>[^\s:@]{1,128})[ :]/

/** `user@database` where one stands there, and the address of a layout such as `%h %m` or `%t:%r:`. */
function addBare(front: Front, { head, tail }: Around): Front {
  const client = (before.exec(head) ?? behind.exec(tail))?.groups?.client
  front.client = toClient(client)
  const rest = client === undefined ? tail : tail.replace(client, '')
  if (rest.indexOf('@') !== rest.lastIndexOf('@')) return { ...front, isDoubtful: true }
  const ends = account.exec(rest)?.groups
  front.user = known(ends?.user)
  front.database = known(ends?.database)
  return front
}

function known(value: string | undefined): string | undefined {
  const text = value?.trim()
  return text === undefined || text === '' || text === '[unknown]' ? undefined : text
}

/** `192.0.2.7`, `192.0.2.7(51488)`, a name; `[local]` is a socket of the host and has no address. */
function toClient(text: string | undefined): End | undefined {
  const said = /^([^()\s]{1,255}?)(?:\((\d{1,5})\))?$/.exec(text ?? '')
  const [, address = '', port] = said ?? []
  if (address === '' || address === '[local]') return undefined
  if (toIp(address) === undefined && !/^[A-Za-z0-9][\w.-]*[A-Za-z]$/.test(address)) return undefined
  return toEnd(address, port === undefined ? undefined : toCount(port))
}
