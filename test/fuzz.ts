import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './support/root.ts'
import type { Counts } from './support/steps.ts'

/** What the fuzz run prints (`console/server/src/decode/fuzz.fixture.ts`). */
interface Told {
  tried: number
  decoders: number
  rssMb: number
  says?: string
  findings: { number: number; decoder: string; path: string; says: string }[]
}

/** Changed samples of all formats, so many inputs; each input that a decoder does not stand is printed. */
export function runFuzz(inputs: number): Counts {
  const name = 'fuzz'
  console.log(`\n== ${name}: ${inputs} inputs`)
  const script = join(root, 'console/server/src/decode/fuzz.fixture.ts')
  const seed = process.env.TIDEWAITER_SEED ?? String(Date.now() % 1_000_000)
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--inputs', `${inputs}`, '--seed', seed], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  const told = parse(stdout)
  if (told === undefined) console.error(stderr)
  for (const finding of told?.findings ?? []) console.error(finding)
  const says = told === undefined ? 'it ended without a word' : told.says
  console.log(`== ${name}: ${told?.tried ?? 0} tried, seed ${seed}${says === undefined ? '' : `, ${says}`}`)
  const failed = (told?.findings.length ?? 0) + (says === undefined ? 0 : 1)
  return { name, passed: failed === 0 ? 1 : 0, failed, skipped: 0, fromDocs: 0, notes: [] }
}

function parse(text: string): Told | undefined {
  try {
    // Printed by our own script.
    return JSON.parse(text) as Told
  } catch {
    return undefined
  }
}
