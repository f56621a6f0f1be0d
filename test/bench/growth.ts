import { execFile } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../support/root.ts'
import type { Bench, Measure } from './bench.ts'

const script = join(root, 'console/server/src/ledger/growth.fixture.ts')
const gigabytes = [1, 10]
/** Room beside the ledger itself. */
const sparesGb = 5

/** Appending and opening again do not get slower as the ledger grows. */
export const growth: Bench = {
  name: 'growth',
  title: 'Bytes appended to a ledger that has so much already, sealing included',
  unit: 'bytes',
  missing: () => (freeGb() < Math.max(...gigabytes) + sparesGb ? [`${Math.max(...gigabytes) + sparesGb} GB free`] : []),
  sides: () => gigabytes.toReversed().map((size) => ({ name: `${size} GB`, run: () => measure(size) })),
}

function freeGb(): number {
  const { bavail, bsize } = statfsSync(tmpdir())
  return (bavail * bsize) / 1e9
}

async function measure(size: number): Promise<Measure> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, `${size}`])
  // The script prints exactly this list (`GrowthMeasure` of console/server/src/ledger/growth.fixture.ts).
  const [told] = JSON.parse(stdout) as [
    { entries: number; appended: number; seconds: number; cpu: number; openSeconds: number },
  ]
  return {
    items: told.appended,
    seconds: told.seconds,
    cpu: { console: told.cpu },
    rss: {},
    notes: [`${told.entries} entries; open again and the next batch taken in ${told.openSeconds.toFixed(2)} s`],
  }
}
