import { readFileSync } from 'node:fs'
import { payloadFiles } from '@tidewaiter/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setFact } from '../incidents/facts.ts'
import { addItem } from '../incidents/incidents.ts'
import type { FindingTable } from '../store/tables.ts'
import { buildToEnd, by, openTestConsole, type TestConsole } from './package.fixture.ts'
import { openPackages, type Packages } from './packages.ts'
import { filesOf, text } from './repack.fixture.ts'

let console: TestConsole
let packages: Packages

beforeEach(async () => {
  console = await openTestConsole()
  packages = await openPackages(console.deps)
})

afterEach(async () => {
  await packages.close()
  await console.close()
})

const row = 'Other login red flags'

async function hold(id: string, finding: Partial<FindingTable> = {}): Promise<void> {
  await console.deps.store
    .insertInto('finding')
    .values({
      id,
      detector: 'login-red-flags',
      row,
      host: console.hosts[0].id,
      severity: 'medium',
      title: 'Sign-ins that failed',
      subject_type: 'account',
      subject_value: id,
      first_at: '2026-11-24T11:00:00.000Z',
      last_at: '2026-11-24T11:30:00.000Z',
      count: 1,
      records: '[]',
      why: '[]',
      aliases: '[]',
      verdict: 'open',
      decided_by: null,
      decided_at: null,
      reason: null,
      found_at: by.at,
      ...finding,
    })
    .execute()
}

/** The letter in one line, and what is warned of. */
async function built(incident: string): Promise<{ letter: string; warnings: string[] }> {
  const { id, warnings } = await buildToEnd(packages, incident)
  const files = filesOf(readFileSync((await packages.file(id, by)).path))
  return { letter: text(files, payloadFiles.letterText).replaceAll(/\s+/g, ' '), warnings }
}

test('findings that are held and nobody put into the incident are counted in the letter, and warned of', async () => {
  await hold('a', { severity: 'high' })
  await hold('b')
  await hold('c')
  await hold('d', { verdict: 'benign', severity: 'low' })
  await hold('e', { row: null, detector: 'ransomware', host: null, severity: 'critical' })

  const { letter, warnings } = await built('INC-2')

  expect(letter).toContain(
    `Row: ${row} Looked at: On 1 of 2 hosts. Not looked on the others: nothing it reads arrived from them ` +
      'Findings in this incident: None Held and not in this incident: 3 not decided (1 high, 2 medium); 1 benign (1 low)',
  )
  expect(letter).toContain('findings on any host of this console, at any time, that nobody put into it.')
  expect(letter).toContain('Of none of these rows: 1 not decided (1 critical).')
  expect(warnings).toEqual([
    '0 records are packed: nothing in this incident cites one.',
    expect.stringMatching(
      /^5 findings are held and not part of this incident\. .*1 critical.*Put in what belongs to it/,
    ),
  ])
})

test('what is in the incident is not counted beside it, also under the id that it had before', async () => {
  await hold('now', { aliases: '["before"]' })
  await hold('f'.repeat(16), { verdict: 'confirmed' })
  await addItem(console.deps.store, console.incident, { kind: 'finding', ref: 'before' }, by)

  const { letter, warnings } = await built(console.incident)

  expect(letter).toContain('Findings in this incident: 1 confirmed Held and not in this incident: None')
  expect(warnings).toEqual([])
})

test('of findings outside the time of the incident their number is said', async () => {
  const { store, vault } = console.deps
  const value = '2026-11-24T06:00-05:00/2026-11-24T06:20-05:00'
  await setFact(store, 'INC-2', { field: 'incident.occurredAt', state: 'answered', value, rev: 0 }, { ...by, vault })
  await hold('inside')
  await hold('before', { first_at: '2026-11-23T11:00:00.000Z', last_at: '2026-11-23T11:30:00.000Z' })

  const { letter, warnings } = await built('INC-2')

  expect(letter).toContain('1 not decided (1 medium); 1 outside the time of the incident')
  expect(letter).toContain('from 2026-11-24T11:00:00.000Z to 2026-11-24T11:20:00.000Z, the time of the incident')
  expect(warnings).toContain('1 finding lies outside the time of the incident.')
})

test('findings in the incident that nobody decided on are warned of', async () => {
  const [finding] = console.findings
  finding!.verdict = 'open'

  expect((await built(console.incident)).warnings).toEqual(['Findings in this incident: 1 not decided (1 high).'])
})
