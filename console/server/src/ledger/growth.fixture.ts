/**
 * Measures a ledger as it grows: how fast batches are appended around a size, and how long it takes to open again.
 * Prints one JSON document, a list of `GrowthMeasure`.
 *
 *     node console/server/src/ledger/growth.fixture.ts SIZE_IN_GB...
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newKeyPair, signWith } from '../keys/key-pair.ts'
import { newSealingHost } from './host.fixture.ts'
import { type LedgerOptions, openLedger } from './open.ts'

export interface GrowthMeasure {
  gigabytes: number
  entries: number
  /** Batches of about 1 MB appended to measure, and the seconds and CPU seconds that took. */
  appended: number
  seconds: number
  cpu: number
  /** Until the ledger is open again and takes the next batch. */
  openSeconds: number
}

const gigabyte = 1e9
/** So much is appended to measure the rate. */
const measuredBatches = 300
const atOnce = 16

const sizes = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-growth-'))
const pair = newKeyPair()
const keys: LedgerOptions['keys'] = {
  masterKey: Buffer.alloc(32, 7),
  publicKey: () => pair.publicKey,
  retired: () => [],
  sign: (_name, data) => signWith(pair, data),
}
const open = () => openLedger({ dir: join(folder, 'ledger'), keys, now: Date.now })
const host = newSealingHost()
let ledger = await open()
const measures: GrowthMeasure[] = []
try {
  for (const size of sizes) {
    while ((await ledger.space()).bytes < size * gigabyte) await append(64)
    const cpuBefore = process.cpuUsage()
    const from = performance.now()
    const bytes = await append(measuredBatches)
    const seconds = (performance.now() - from) / 1000
    const { user, system } = process.cpuUsage(cpuBefore)
    await ledger.close()
    const closedAt = performance.now()
    ledger = await open()
    await append(1)
    const openSeconds = (performance.now() - closedAt) / 1000
    const cpu = (user + system) / 1e6
    measures.push({ gigabytes: size, entries: ledger.size(), appended: bytes, seconds, cpu, openSeconds })
  }
} finally {
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${JSON.stringify(measures)}\n`)

/** Appends batches as a busy console does, several at a time. Returns their bytes. */
async function append(count: number): Promise<number> {
  let bytes = 0
  for (let done = 0; done < count; done += atOnce) {
    // Text of random bytes, so that a batch takes about 1 MB on disk whatever zstd does.
    const batches = Array.from({ length: Math.min(atOnce, count - done) }, () =>
      host.seal(Array.from({ length: 20 }, () => randomBytes(39_000).toString('base64'))),
    )
    bytes += batches.reduce((sum, batch) => sum + batch.bytes.length, 0)
    await Promise.all(batches.map((batch) => ledger.append(batch, { receivedAtMs: Date.now(), branch: null })))
  }
  return bytes
}
