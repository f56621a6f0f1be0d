/**
 * Measures the index while evidence comes in: lines of sshd from 3,000 addresses and 200 users, few of which send most,
 * or with an address of their own each, against 100,000 indicators. The ledger is kept a little ahead of the index, or
 * is filled at a rate. Prints one JSON document of `IndexMeasure`.
 *
 *     node console/server/src/index/bench.fixture.ts [--rows 4000000] [--seconds 300] [--addresses few|new] [--rate N]
 */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { logLines, newLedgerKeys, openTestConsole, type TestConsole, type TestHost } from './index.fixture.ts'

export interface IndexMeasure {
  /** Rows in the index when measuring began, and events that came in while it went on. */
  rows: number
  events: number
  seconds: number
  /** CPU seconds of the writer of events (decode, row, rollups) and of that of values (words, observables, matching). */
  cpu: { events: number; values: number; 'filling the ledger': number }
  /** Peak resident memory, MiB. */
  rss: { events: number; values: number }
  /** Events that waited for the index at the beginning, in the middle and at the end. */
  waiting: number[]
  bytesPerEvent: number
  /** Milliseconds until the first page of a question came. */
  questions: Record<string, number>
}

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '4000000' },
    seconds: { type: 'string', default: '300' },
    addresses: { type: 'string', default: 'few' },
    rate: { type: 'string', default: '0' },
  },
})
const rows = Number(options.rows)
const rate = Number(options.rate)
const hosts = 4
const linesPerBatch = 5000
/** So many batches the ledger is ahead. */
const ahead = 64
const indicators = 100_000

const ledgerKeys = newLedgerKeys()
const console_ = await openTestConsole({ ledgerKeys, detectors: detectors(), mostNewValues: Number.MAX_SAFE_INTEGER })
await addIndicators(console_)
await console_.index.indicatorsChanged()
const filling = await openFilling(console_)
while (console_.index.asOf() * linesPerBatch < rows) await filling.keepAhead()
const measure = await measureFor(Number(options.seconds) * 1000)
process.stdout.write(`${JSON.stringify({ ...measure, questions: await ask(console_) })}\n`)
await console_.close()
rmSync(console_.folder, { recursive: true, force: true })

async function measureFor(ms: number): Promise<Omit<IndexMeasure, 'questions'>> {
  const { index, ledger, folder } = console_
  const began = {
    at: performance.now(),
    asOf: index.asOf(),
    size: ledger.size(),
    used: used(),
    own: process.cpuUsage(),
  }
  const waiting = [began.size - began.asOf]
  const elapsed = () => performance.now() - began.at
  while (elapsed() < ms) {
    if (rate === 0) await filling.keepAhead()
    else await filling.keepUpWith(began.size + ((elapsed() / 1000) * rate) / linesPerBatch)
    if (elapsed() * 2 >= ms && waiting.length === 1) waiting.push(ledger.size() - index.asOf())
  }
  const events = (index.asOf() - began.asOf) * linesPerBatch
  const seconds = elapsed() / 1000
  const now = used()
  const own = process.cpuUsage(began.own)
  return {
    rows: began.asOf * linesPerBatch,
    events,
    seconds,
    cpu: {
      events: now.events.cpu - began.used.events.cpu,
      values: now.values.cpu - began.used.values.cpu,
      'filling the ledger': (own.user + own.system) / 1e6,
    },
    rss: { events: now.events.rss, values: now.values.rss },
    waiting: [...waiting, ledger.size() - index.asOf()].map((batches) => batches * linesPerBatch),
    bytesPerEvent: Math.round(bytesOf(join(folder, 'index')) / (index.asOf() * linesPerBatch)),
  }
}

async function openFilling({ host, index, ledger }: TestConsole) {
  const senders: TestHost[] = []
  for (let i = 0; i < hosts; i++) senders.push(await host(`desk-${i}`))
  const random = seeded(1)
  let sent = 0
  const send = async () => {
    const lines = Array.from({ length: linesPerBatch }, (_, i) => line(sent + i, random))
    await senders[ledger.size() % hosts]?.send({ chunks: [logLines(lines, { offset: sent * 120 })] })
    sent += linesPerBatch
  }
  return {
    async keepAhead() {
      if (ledger.size() - index.asOf() >= ahead) await wait(5)
      else await send()
    },
    async keepUpWith(batches: number) {
      if (ledger.size() >= batches) await wait(5)
      else await send()
    },
  }
}

/** First pages of what people ask, on the index as it is then. */
async function ask({ index }: TestConsole): Promise<IndexMeasure['questions']> {
  const questions: IndexMeasure['questions'] = {}
  for (const q of ['', 'user.name:user7', '203.0.5.17', 'failed', 'user.name:nobody', 'source.ip:203.0.5.0/24']) {
    const from = performance.now()
    await index.search({ q, limit: 100 })
    questions[q === '' ? 'everything' : q] = Math.round(performance.now() - from)
  }
  return questions
}

function used() {
  const pids = console_.index.pids()
  const of = (pid: number | undefined) => {
    if (pid === undefined) return { cpu: 0, rss: 0 }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    // Ticks of 10 ms in user and kernel mode.
    return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, rss: Number(peak ?? 0) / 1024 }
  }
  return { events: of(pids.events), values: of(pids.values) }
}

function bytesOf(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function line(number: number, random: () => number): string {
  const at = new Date(Date.UTC(2026, 10, 1) + Math.floor(number / 200) * 1000).toISOString()
  const user = Math.floor(random() ** 2 * 200)
  return `Nov ${at.slice(8, 10).replace(/^0/, ' ')} ${at.slice(11, 19)} desk-1 sshd[${1000 + (number % 30_000)}]: Failed password for invalid user user${user} from ${addressOf(number, random)} port ${1024 + (number % 60_000)} ssh2`
}

function addressOf(number: number, random: () => number): string {
  if (options.addresses === 'new')
    return `${1 + (number >> 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
  const address = Math.floor(random() ** 3 * 3000)
  return `203.0.${address >> 8}.${address & 255}`
}

async function addIndicators({ store }: TestConsole): Promise<void> {
  await store.transaction().execute(async (tx) => {
    for (let at = 0; at < indicators; at += 400)
      await tx
        .insertInto('indicator')
        .values(Array.from({ length: 400 }, (_, i) => indicator(at + i)))
        .execute()
  })
}

function indicator(number: number) {
  const value =
    number % 2 === 0
      ? `198.${18 + (number >> 17)}.${(number >> 9) & 255}.${(number >> 1) & 255}`
      : `c2-${number}.example`
  const type = number % 2 === 0 ? 'ip' : 'domain'
  const at = '2026-11-24T12:00:00.000Z'
  const rest = { confidence: null, tlp: 'AMBER', valid_from: at, valid_until: null, note: '', expired_at: null }
  return {
    id: number.toString(16).padStart(32, '0'),
    type,
    value,
    source: 'bench',
    added_at: at,
    added_by: 'bench',
    ...rest,
  }
}

/** As many as there are rows in CBP's table, with windows of an hour. */
function detectors() {
  return Array.from({ length: 8 }, (_, i) => ({ id: `detector-${i}`, reads: ['sshd'], windowMs: 3_600_000 }))
}
