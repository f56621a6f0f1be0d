/**
 * Measures the index on lines of sshd from 3,000 addresses and 200 users, few of which send most, with 100,000
 * indicators. Prints events a second through both writers, their CPU per event, and bytes on disk.
 *
 *     node console/server/src/index/bench.fixture.ts [events] [hosts] [lines per batch]
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { logLines, newLedgerKeys, openTestConsole } from './index.fixture.ts'

const [events = 1_000_000, hosts = 4, linesPerBatch = 5000] = process.argv.slice(2).map(Number)
const indicators = 100_000
const sums = { addresses: 3000, users: 200 }

const ledgerKeys = newLedgerKeys()
const before = await openTestConsole({ ledgerKeys })
const { folder } = before
await before.store.transaction().execute(async (tx) => {
  for (let at = 0; at < indicators; at += 400)
    await tx
      .insertInto('indicator')
      .values(Array.from({ length: 400 }, (_, i) => indicator(at + i)))
      .execute()
})
// The index writers stand aside while the ledger is filled.
await before.index.close()
const senders = await Promise.all(Array.from({ length: hosts }, (_, i) => before.host(`desk-${i}`)))
const random = seeded(1)
for (let sent = 0, batch = 0; sent < events; sent += linesPerBatch, batch++) {
  const lines = Array.from({ length: Math.min(linesPerBatch, events - sent) }, (_, i) => line(sent + i, random))
  await senders[batch % hosts]?.send({ chunks: [logLines(lines, { offset: sent * 120 })] })
}
await before.ledger.close()
await before.store.destroy()

const startedAt = performance.now()
const console_ = await openTestConsole({ folder, ledgerKeys, detectors: detectors() })
const openedAt = performance.now()
const { index, ledger } = console_
let cpu = { events: 0, values: 0 }
while (index.asOf() < ledger.size()) {
  await wait(20)
  cpu = cpuOf(index.pids())
}
const seconds = (performance.now() - openedAt) / 1000
const { events: held } = await index.counts()
const micros = (ms: number) => ((ms * 1000) / held).toFixed(1)
process.stdout.write(
  `${held} events of ${sums.addresses} addresses and ${sums.users} users in ${seconds.toFixed(1)} s: ${Math.round(held / seconds)} events/s\n` +
    `CPU per event: events writer ${micros(cpu.events)} us, values writer ${micros(cpu.values)} us; ${(1e6 / ((Math.max(cpu.events, cpu.values) * 1000) / held)).toFixed(0)} events/s of CPU on two cores\n` +
    `opened in ${((openedAt - startedAt) / 1000).toFixed(1)} s; ${(bytesOf(join(folder, 'index')) / held).toFixed(0)} bytes of index per event, ${(bytesOf(join(folder, 'ledger')) / held).toFixed(0)} of ledger\n`,
)
for (const q of [
  '',
  'user.name:user7',
  '203.0.5.17',
  'failed',
  'user.name:nobody',
  'source.ip:203.0.5.0/24',
  '"user199 from 203.0.1.1"',
]) {
  const from = performance.now()
  const page = await index.search({ q, limit: 100 })
  const paged = performance.now()
  await index.histogram({ q }).catch(() => undefined)
  process.stdout.write(
    `${q.padEnd(28)} ${String(page.total).padStart(6)}${page.totalExact ? ' ' : '+'} page ${(paged - from).toFixed(0)} ms, histogram ${(performance.now() - paged).toFixed(0)} ms\n`,
  )
}
await console_.close()
execFileSync('rm', ['-rf', folder])

function cpuOf(pids: Record<'events' | 'values', number | undefined>) {
  const of = (pid: number | undefined) => {
    const stat = pid === undefined ? '' : readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // Ticks of 10 ms in user and kernel mode.
    return (Number(fields[11]) + Number(fields[12])) * 10
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
  const at = new Date(Date.UTC(2026, 10, 1) + Math.floor(number / 20) * 1000).toISOString()
  const address = Math.floor(random() ** 3 * sums.addresses)
  const user = Math.floor(random() ** 2 * sums.users)
  return `Nov ${at.slice(8, 10).replace(/^0/, ' ')} ${at.slice(11, 19)} desk-1 sshd[${1000 + (number % 30_000)}]: Failed password for invalid user user${user} from 203.0.${address >> 8}.${address & 255} port ${1024 + (number % 60_000)} ssh2`
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
