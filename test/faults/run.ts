import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Counts, runProject } from '../support/steps.ts'
import { tableIn } from './table.ts'

/** Tries every kind of fault, and prints how many of which. @param longer so many times what fits into CI */
export function runFaults(longer = 1): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-'))
  process.env.TIDEWAITER_FAULTS ??= String(longer)
  process.env.TIDEWAITER_FAULTS_TALLY = join(folder, 'tally')
  const counts = runProject('faults')
  console.log(`\n${tableIn(process.env.TIDEWAITER_FAULTS_TALLY)}`)
  rmSync(folder, { recursive: true })
  return counts
}
