import { execFile, spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../support/root.ts'
import type { Bench, Measure } from './bench.ts'

const data = process.env.TIDEWAITER_DATA ?? join(root, '../shared/data')
const ours = join(root, 'console/server/src/decode/evtx-bench.fixture.ts')
const peer = join(import.meta.dirname, 'evtx-peer.ts')
/** evtxexport is started once a log: so often, for a time that can be compared. */
const exportPasses = 20

/** A log whose chunks are full, as those of a running Windows are. */
export const evtx: Bench = benchOf('evtx', 'Records of an event log with full chunks', () => [
  'evtx_parser/sysmon.evtx',
])

/** Logs of one to a few records: what a chunk costs before its first record weighs most. */
export const evtxSmall: Bench = benchOf('evtx-small', 'Records of 200 event logs of a few records each', () =>
  globSync('{evtx_parser,evtx_attack,sigma_regression}/**/*.evtx', { cwd: data }),
)

function benchOf(name: string, title: string, logsOf: () => string[]): Bench {
  const logs = () => logsOf().map((log) => join(data, log))
  return {
    name,
    title,
    unit: 'records',
    missing: () => (existsSync(join(data, 'evtx_parser')) ? [] : [`the samples in ${data}`]),
    sides: () => [
      { name: 'ours', run: () => measure(ours, logs()) },
      { name: '@ts-evtx/core 1.1.1', run: () => measure(peer, logs()) },
      ...(hasExport() ? [{ name: 'evtxexport (libevtx), its start taken off', run: () => exported(logs()) }] : []),
    ],
  }
}

async function measure(script: string, logs: string[]): Promise<Measure> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...logs])
  // Both scripts print exactly this document.
  const told = JSON.parse(stdout) as { items: number; seconds: number; refused?: number; cpu: number; rss: number }
  return {
    items: told.items,
    seconds: told.seconds,
    cpu: { decoder: told.cpu },
    rss: { decoder: told.rss },
    ...(told.refused !== undefined && { notes: [`${told.refused} of ${logs.length} logs refused`] }),
  }
}

function hasExport(): boolean {
  return spawnSync('evtxexport', ['-V']).status === 0
}

async function exported(logs: readonly string[]): Promise<Measure> {
  let [items, seconds] = [0, 0]
  const passes = logs.length > 1 ? 1 : exportPasses
  for (let pass = 0; pass < passes; pass++)
    for (const log of logs) {
      const start = await timed(['-V'])
      const run = await timed(['-f', 'xml', log])
      items += run.events
      seconds += Math.max(0, run.seconds - start.seconds)
    }
  return { items, seconds, cpu: {}, rss: {} }
}

async function timed(args: string[]): Promise<{ seconds: number; events: number }> {
  const startedAt = performance.now()
  const { stdout } = await promisify(execFile)('evtxexport', args, { maxBuffer: 256 * 1024 * 1024 }).catch(() => ({
    stdout: '',
  }))
  const seconds = (performance.now() - startedAt) / 1000
  return { seconds, events: stdout.split('<Event ').length - 1 }
}
