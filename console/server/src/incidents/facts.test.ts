import { beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { openVault } from '../store/vault.ts'
import { factsOf, openNumbers, setFact } from './facts.ts'
import { addItem, createIncident, itemsOf, readIncident, removeItem } from './incidents.ts'

const vault = openVault(new Uint8Array(32).fill(7))
const by = { who: 'r.abara@halyard-customs.example', at: '2026-10-29T10:50:00.000Z' }
const nowMs = Date.parse('2026-10-29T15:40:00Z')
let store: Store
let incident: string

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  incident = await createIncident(store, 'Ransomware and data theft, Norfolk', by)
  return () => store.destroy()
})

const set = (change: Parameters<typeof setFact>[2]) => setFact(store, incident, change, { ...by, vault })
const fact = async (name: string) => (await factsOf(store, incident, vault)).find(({ field }) => field === name)!

test('a new incident has every fact of the list unanswered, and "not known yet" counts as an answer', async () => {
  await set({ field: 'cause', state: 'not-known-yet', value: '', rev: 0 })

  const { row, facts } = await readIncident(store, incident, { vault, nowMs })

  expect(row).toMatchObject({ id: 'INC-1', factsAnswered: 1, factsTotal: facts.length })
  expect(row.clock?.says).toBe('Starts when the breach of records is discovered')
})

test('the discovery of the breach starts 72 hours, and changing it needs a reason and keeps the old time', async () => {
  await set({ field: 'recordsBreach.discoveredAt', state: 'answered', value: '2026-10-29T06:42-04:00', rev: 0 })
  const first = await fact('recordsBreach.discoveredAt')
  const later = {
    field: 'recordsBreach.discoveredAt',
    state: 'answered',
    value: '2026-10-29T09:00Z',
    rev: first.rev,
  } as const

  await expect(set(later)).rejects.toMatchObject({ code: 'input-malformed' })
  await set({ ...later, reason: 'the entry writer saw the note earlier' })

  const { row } = await readIncident(store, incident, { vault, nowMs })
  expect(row.clock).toMatchObject({ dueAt: '2026-11-01T09:00:00.000Z' })
  expect(await store.selectFrom('fact').select('value').orderBy('rev').execute()).toHaveLength(2)
})

test('what a time was before stands beside it, with who changed it, when and why', async () => {
  const field = 'recordsBreach.discoveredAt'
  await set({ field, state: 'answered', value: '2026-10-29T06:42-04:00', rev: 0 })
  const { rev } = await fact(field)
  await set({ field, state: 'answered', value: '2026-10-29T09:00Z', rev, reason: 'the entry writer saw it earlier' })
  const second = await fact(field)
  await set({ field, state: 'not-known-yet', value: '', rev: second.rev, reason: 'she is asked again' })

  const { who, at } = by
  const changed = { by: who, at, changedBy: who, changedAt: at }
  expect((await fact(field)).earlier).toEqual([
    { state: 'answered', value: '2026-10-29T09:00Z', rev: 3, ...changed, reason: 'she is asked again' },
    {
      state: 'answered',
      value: '2026-10-29T06:42-04:00',
      rev: 2,
      ...changed,
      reason: 'the entry writer saw it earlier',
    },
  ])
  const asOf = (await factsOf(store, incident, vault, 3)).find((one) => one.field === field)
  expect(asOf?.earlier).toHaveLength(1)
})

test('of a text that keeps itself while it is typed the last ten answers stand beside it, of a list in masks', async () => {
  for (let rev = 1; rev < 15; rev++)
    await set({ field: 'impact', state: 'answered', value: `word ${rev}`, rev: rev === 1 ? 0 : rev })
  await set({ field: 'importerNumbers', state: 'answered', value: '00-0000123', rev: 0 })
  await set({ field: 'importerNumbers', state: 'does-not-apply', value: '', rev: 16 })

  expect((await fact('impact')).earlier?.map(({ value }) => value)).toEqual(
    Array.from({ length: 10 }, (_, i) => `word ${13 - i}`),
  )
  expect((await fact('importerNumbers')).earlier).toMatchObject([{ value: '**-***0123' }])
})

test.each(['incident.occurredAt', 'incident.detectedAt', 'recordsBreach.discoveredAt', 'notice.initial.sentAt'])(
  '%s is refused while it is still to come, but for a few minutes between two clocks',
  async (field) => {
    const answer = (value: string) => set({ field, state: 'answered', value, rev: 0 })
    await expect(answer('2026-10-29T10:56Z')).rejects.toMatchObject({ code: 'input-malformed' })
    await expect(answer('2027-10-29T06:56-04:00')).rejects.toMatchObject({ code: 'input-malformed' })
    await answer('2026-10-29T10:54Z')
  },
)

test('an interval does not end in the future', async () => {
  const value = '2026-10-29T10:00Z/2026-10-30T10:00Z'
  await expect(set({ field: 'incident.occurredAt', state: 'answered', value, rev: 0 })).rejects.toMatchObject({
    code: 'input-malformed',
  })
})

test.each(['notice.initial.sentAt', 'notice.importerList.sentAt'])(
  '%s is not before the discovery, whichever of the two is entered first',
  async (field) => {
    const discovery = { field: 'recordsBreach.discoveredAt', state: 'answered', rev: 0 } as const
    await set({ ...discovery, value: '2026-10-29T09:00Z' })
    const sent = { field, state: 'answered', rev: 0 } as const
    await expect(set({ ...sent, value: '2020-01-01T00:00Z' })).rejects.toMatchObject({ code: 'input-malformed' })
    await set({ ...sent, value: '2026-10-29T05:00-04:00' })

    const { rev } = await fact(discovery.field)
    const later = { ...discovery, rev, value: '2026-10-29T09:01Z', reason: 'a typing error' }
    await expect(set(later)).rejects.toMatchObject({ code: 'input-malformed' })
    await set({ ...later, value: '2026-10-29T08:00Z' })
  },
)

test('a change based on an older revision is refused and nothing typed by the other is lost', async () => {
  await set({ field: 'impact', state: 'answered', value: 'ACE link down', rev: 0 })

  await expect(set({ field: 'impact', state: 'answered', value: 'share encrypted', rev: 0 })).rejects.toMatchObject({
    code: 'revision-stale',
  })

  expect(await fact('impact')).toMatchObject({ value: 'ACE link down' })
})

test.each([
  ['incident.detectedAt', 'yesterday'],
  ['incident.detectedAt', '2026-02-31T10:00Z'],
  ['incident.detectedAt', '2026-10-29T10:42'],
  ['incident.occurredAt', '2026-10-29T10:42Z/2026-10-28T10:42Z'],
  ['pii', 'maybe'],
  ['importerNumbers', '00-0000123\n12-34567'],
  ['cause', '   '],
  ['nonsense', 'x'],
])('%s does not take "%s", and says how to write it', async (field, value) => {
  await expect(set({ field, state: 'answered', value, rev: 0 })).rejects.toMatchObject({ code: 'input-malformed' })
})

test('importer numbers are encrypted in the database, masked on the page and whole only when opened', async () => {
  await set({ field: 'importerNumbers', state: 'answered', value: '00-0000123\n987-65-4320\n260000-00001\n', rev: 0 })

  const row = await store.selectFrom('fact').selectAll().executeTakeFirstOrThrow()

  expect(row.value).not.toContain('0123')
  expect((await fact('importerNumbers')).value).toBe('**-***0123\n***-**-4320\n******-*0001')
  expect(openNumbers(row, vault)).toEqual(['00-0000123', '987-65-4320', '260000-00001'])
  expect(() => openNumbers({ ...row, incident: 'INC-2' }, vault)).toThrow()
})

test('an item that was taken out is still there as of the revision before', async () => {
  const item = await addItem(store, incident, { kind: 'finding', ref: 'f1' }, by)
  await addItem(store, incident, { kind: 'finding', ref: 'f1' }, by)
  const { rev } = (await readIncident(store, incident, { vault, nowMs })).row

  await removeItem(store, incident, item.id, by)

  expect(await itemsOf(store, incident)).toEqual([])
  expect(await itemsOf(store, incident, rev)).toEqual([item])
  await expect(removeItem(store, incident, item.id, by)).rejects.toMatchObject({ code: 'not-found' })
})
