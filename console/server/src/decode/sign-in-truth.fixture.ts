import { readdirSync, readFileSync } from 'node:fs'
import type { Accuracy } from './accuracy.fixture.ts'
import { toIp } from './address.ts'
import type { Event } from './decoder.ts'
import { decodeFile } from './files.ts'
import { pathOf } from './shared-data.fixture.ts'

/** How many of the lines that fail2ban is tested with are read as it expects. */
export interface Score {
  labels: number
  right: number
  /** A failure with another address, name or time, or one where none should be. */
  wrong: number
  /** No failure where one should be. */
  missed: number
}

/** One line, and what fail2ban expects of it (`# failJSON: {...}` before it). */
interface Label {
  /** Byte at which the line begins. */
  offset: number
  line: string
  match: boolean
  host?: string
  user?: string
  /** Local time of Europe/Zurich, where its tests run; a line without a year is of 2004 or 2005. */
  time?: string
}

/** What became of a label that is not right. */
export interface Mistake {
  service: string
  line: string
  says: string
}

export interface Measured {
  scores: Record<string, Score>
  mistakes: Mistake[]
}

const folder = 'login_fail2ban'
/** fail2ban's tests pretend to run in August 2005: a date without a year is the last one before. */
const years = [2004, 2005] as const
const zone = 'Europe/Zurich'

/** Files of the services that a broker's server may run; what is beside them is measured without a bar. */
export const services = [
  'apache-auth',
  'courier-auth',
  'courier-smtp',
  'guacamole',
  'mongodb-auth',
  'mysqld-auth',
  'named-refused',
  'nginx-http-auth',
  'pam-generic',
  'postfix',
  'proftpd',
  'proxmox',
  'roundcube-auth',
  'screensharingd',
  'squid',
  'sshd',
  'vaultwarden',
  'vsftpd',
]

/** All labels of these services together. */
export async function signInAccuracy(): Promise<Accuracy> {
  const { scores } = await measureSignIns()
  const sum = (pick: (score: Score) => number) =>
    services.reduce((total, service) => total + pick(scores[service] ?? none), 0)
  return {
    records: sum(({ labels }) => labels),
    right: sum(({ right }) => right),
    wrong: sum(({ wrong }) => wrong),
    missed: sum(({ missed }) => missed),
  }
}

const none: Score = { labels: 0, right: 0, wrong: 0, missed: 0 }

/**
 * Reads every file of the folder as `tidewaiter decode` would, format found by content, and compares. A line that
 * fail2ban calls harmless in one mode and a failure in another is a failure.
 */
export async function measureSignIns(): Promise<Measured> {
  const measured: Measured = { scores: {}, mistakes: [] }
  const names = readdirSync(pathOf(folder)).filter((name) => name.endsWith('.log'))
  for (const name of names.sort()) await measureFile(name, measured)
  return measured
}

async function measureFile(name: string, { scores, mistakes }: Measured): Promise<void> {
  const service = name.slice(0, -4)
  const [before, after] = await Promise.all(years.map((year) => eventsByLine(name, year)))
  const score: Score = { labels: 0, right: 0, wrong: 0, missed: 0 }
  scores[service] = score
  for (const label of labelsOf(readFileSync(pathOf(`${folder}/${name}`)))) {
    const events = (label.time?.startsWith('2004') ? before : after)?.get(label.offset) ?? []
    const { verdict, says } = judge(label, events)
    score.labels++
    score[verdict]++
    if (verdict !== 'right') mistakes.push({ service, line: label.line, says })
  }
}

/** Events by the byte of the line that completed them. */
async function eventsByLine(name: string, year: number): Promise<Map<number, Event[]>> {
  const byLine = new Map<number, Event[]>()
  for await (const event of decodeFile(pathOf(`${folder}/${name}`), { year, zone })) {
    const { record, records } = event.tidewaiter
    const id = records?.at(-1) ?? record
    const offset = Number(id.slice(id.indexOf(':') + 1))
    byLine.set(offset, [...(byLine.get(offset) ?? []), event])
  }
  return byLine
}

function labelsOf(bytes: Buffer): Label[] {
  const labels: Label[] = []
  let remark: string | undefined
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at) < 0 ? bytes.length : bytes.indexOf(10, at)
    const line = bytes.toString('utf8', at, end)
    if (line.startsWith('# failJSON:')) remark = line.slice(11)
    else if (remark !== undefined && !line.startsWith('#')) {
      labels.push({ ...JSON.parse(remark), offset: at, line })
      remark = undefined
    }
    at = end + 1
  }
  const failures = new Set(labels.filter(({ match }) => match).map(({ line }) => line))
  return labels.filter(({ match, line }) => match || !failures.has(line))
}

interface Judgement {
  verdict: 'right' | 'wrong' | 'missed'
  says: string
}

function judge(label: Label, events: readonly Event[]): Judgement {
  const failures = events.filter(({ event }) => event.outcome === 'failure')
  if (!label.match) {
    const signIn = failures.find((event) => isSignIn(event) && isFrom(event, label.host))
    return signIn === undefined ? right : { verdict: 'wrong', says: 'a failed sign-in' }
  }
  const [failure] = failures
  if (failure === undefined) return { verdict: 'missed', says: events[0]?.error?.message ?? 'no failure' }
  if (label.host !== undefined && !isFrom(failure, label.host))
    return { verdict: 'wrong', says: `from ${JSON.stringify(failure.source)}, not ${label.host}` }
  const user = nameOf(failure)
  if (label.user !== undefined && label.user !== '' && user !== label.user)
    return { verdict: 'wrong', says: `of ${user}, not ${label.user}` }
  if (!isAt(failure, label.time)) return { verdict: 'wrong', says: `at ${timeText(failure)}, not ${label.time}` }
  return right
}

const right: Judgement = { verdict: 'right', says: '' }

function isSignIn({ event }: Event): boolean {
  return event.category?.includes('authentication') === true
}

/** Undefined `host`: from anywhere that is known. */
function isFrom({ source }: Event, host: string | undefined): boolean {
  const { address, ip } = (source ?? {}) as { address?: string; ip?: string }
  if (address === undefined) return false
  return host === undefined || address === host || ip === (toIp(host) ?? host)
}

function nameOf({ user }: Event): string | undefined {
  return (user as { name?: string } | undefined)?.name
}

const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })

/** A line that gives no date has no instant: then the clock has to stand in it as it was written. */
function isAt(event: Event, time: string | undefined): boolean {
  const at = event['@timestamp']
  if (time === undefined) return true
  if (at === undefined) return event.tidewaiter.time?.raw.startsWith(time.slice(11, 19)) === true
  return local.format(new Date(at)) === normal(time)
}

/** `2005-03-7T02:09:33.000` as `2005-03-07 02:09:33`. */
function normal(time: string): string {
  const [date = '', clock = ''] = time.split('T')
  return `${date
    .split('-')
    .map((part) => part.padStart(2, '0'))
    .join('-')} ${clock.slice(0, 8)}`
}

function timeText(event: Event): string {
  return event['@timestamp'] ?? event.tidewaiter.time?.raw ?? 'no time'
}
