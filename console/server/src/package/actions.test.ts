import type { ActionLine } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { recordAlone } from '../people/audit.ts'
import { openStore } from '../store/store.ts'
import { actionLines } from './actions.ts'
import type { PackageContent } from './content.ts'

const at = '2026-11-24T12:00:00.000Z'

test('acts of this incident, decisions on its findings and acts on keys stand in clear', async () => {
  const lines = await linesOf([
    ['incident.create', { id: 'INC-1', name: 'Ours' }],
    ['fact.set', { incident: 'INC-1', field: 'cause', rev: 2, state: 'answered' }],
    ['finding.decide', { id: 'ours', verdict: 'confirmed', reason: 'nobody works at that hour', title: 'Sign-ins' }],
    ['finding.decide', { id: 'merged', verdict: 'benign', reason: 'a test', title: 'Sign-ins' }],
    ['package.download', { id: 'p', incident: 'INC-1' }],
    ['keys.rotate', { name: 'package' }],
  ])

  expect(lines.filter((line) => 'withheld' in line)).toEqual([])
  expect(lines).toHaveLength(6)
})

test('everything else stands by its hash only, also what a later version of the console may write down', async () => {
  const secret = 'northwind-importers.example'
  const lines = await linesOf([
    ['incident.create', { id: 'INC-2', name: secret }],
    ['fact.set', { incident: 'INC-2', field: secret }],
    ['package.build', { id: 'q', incident: 'INC-2', note: secret }],
    ['finding.decide', { id: 'theirs', verdict: 'benign', reason: `a test of ${secret}`, title: secret }],
    ['person.add', { id: '1', email: `clerk@${secret}`, role: 'analyst' }],
    ['token.create', { id: 't', label: secret }],
    ['indicators.import', { source: secret, added: 3 }],
    ['host.enrol', { host: 'a', address: secret }],
    ['sign-in', {}],
    ['some.later.act', { id: 'INC-1', note: secret }],
  ])

  expect(lines.every((line) => 'withheld' in line)).toBe(true)
  expect(JSON.stringify(lines)).not.toContain(secret)
})

test('an act that spells an importer number is not shown: a line cannot be masked without breaking its hash', async () => {
  const lines = await linesOf([['finding.decide', { id: 'ours', reason: 'only 987-65-4320 was read' }]])

  expect(lines).toEqual([{ no: 1, withheld: true, hash: expect.any(String) }])
})

/** The lines of a package of INC-1, in which is the finding `ours`, and one that became part of `merged`. */
async function linesOf(acts: readonly [act: string, data: Record<string, unknown>][]): Promise<ActionLine[]> {
  const store = await openStore({ file: ':memory:' })
  onTestFinished(() => store.destroy())
  for (const [act, data] of acts) await recordAlone(store, { who: 'r.abara@halyard.example', at, act, data })
  const items = ['ours', 'older'].map((ref) => ({ kind: 'finding', ref }))
  const state = { cut: { audit: acts.length }, findings: [{ id: 'ours' }, { id: 'merged' }] }
  // Nothing else of a package is asked for.
  const content = { incident: { id: 'INC-1' }, items, state } as unknown as PackageContent
  const text = (await Array.fromAsync(actionLines(store, content))).join('')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ActionLine)
}
