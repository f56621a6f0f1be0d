import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../support/root.ts'
import type { Bench, Measure } from './bench.ts'

const script = join(root, 'console/server/src/index/bench.fixture.ts')
const rows = 4_000_000
const seconds = 300

/** Decoding, full text, observables and 100,000 indicators, behind the ledger, when the index has 4 million rows already. */
export const indexing: Bench = {
  name: 'indexing',
  title: `Events through decode, index and match for ${seconds} s, beyond ${rows} rows, with 100000 indicators`,
  unit: 'events',
  missing: () => [],
  sides: () => [
    { name: '3,000 addresses and 200 users', run: () => measure('--addresses', 'few') },
    { name: 'a new address in every line', run: () => measure('--addresses', 'new') },
    { name: '40,000 lines a second, 3,000 addresses', run: () => measure('--addresses', 'few', '--rate', '40000') },
  ],
}

async function measure(...args: string[]): Promise<Measure> {
  const all = [script, '--rows', `${rows}`, '--seconds', `${seconds}`, ...args]
  const { stdout } = await promisify(execFile)(process.execPath, all, { maxBuffer: 1024 * 1024 })
  // The script prints exactly this document (`IndexMeasure` of console/server/src/index/bench.fixture.ts).
  const told = JSON.parse(stdout) as {
    events: number
    seconds: number
    cpu: Record<string, number>
    rss: Record<string, number>
    waiting: number[]
    bytesPerEvent: number
    questions: Record<string, number>
  }
  return {
    items: told.events,
    seconds: told.seconds,
    cpu: told.cpu,
    rss: told.rss,
    notes: [
      `events waiting at the beginning, in the middle and at the end: ${told.waiting.join(', ')}`,
      `${told.bytesPerEvent} bytes of index an event`,
      `first page of ${Object.entries(told.questions)
        .map(([q, ms]) => `"${q}" ${ms} ms`)
        .join(', ')}`,
    ],
  }
}
