import { beforeEach, expect, test } from 'vitest'
import { firstBreak } from '../people/audit.ts'
import { openStore, type Store } from '../store/store.ts'
import { decide, findingsOf, getFinding, listFindings, worstOpenFindings } from './decide.ts'

const by = { who: 'analyst@halyard-customs.example', at: '2026-11-24T12:00:00.000Z' }
let store: Store

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  return () => store.destroy()
})

const idOf = (n: number) => n.toString(16).padStart(32, '0')

async function hold(count: number, change: { last_at?: string; host?: string; aliases?: string } = {}): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    id: idOf(n),
    detector: 'login-red-flags',
    row: 'Other login red flags',
    host: 'host-1',
    severity: 'low',
    title: `${n} sign-ins failed`,
    subject_type: 'address',
    subject_value: '203.0.113.77',
    first_at: '2026-11-24T10:00:00.000Z',
    // Several end in the same instant: the id decides then.
    last_at: `2026-11-24T10:00:0${n % 7}.000Z`,
    count: n,
    records: '["host-1/1/0"]',
    why: '["7 is more than 6"]',
    aliases: '[]',
    verdict: 'open',
    decided_by: null,
    decided_at: null,
    reason: null,
    found_at: '2026-11-24T10:00:00.000Z',
    ...change,
  }))
  await store.insertInto('finding').values(rows).execute()
}

test('pages go from the newest to the oldest and leave none out', async () => {
  await hold(25)

  const titles: string[] = []
  let after: string | undefined
  do {
    const page = await listFindings(store, { limit: 4, ...(after !== undefined && { after }) })
    expect(page).toMatchObject({ total: 25, totalExact: true })
    titles.push(...page.rows.map(({ lastAt, id }) => `${lastAt} ${id}`))
    after = page.next
  } while (after !== undefined)

  expect(titles).toHaveLength(25)
  expect(titles).toEqual([...new Set(titles)].sort().reverse())
})

test('what is open comes worst first and then newest first, however much of it is asked for', async () => {
  await hold(6)
  const set = (n: number, values: { severity?: string; verdict?: string }) =>
    store.updateTable('finding').set(values).where('id', '=', idOf(n)).execute()
  await set(1, { severity: 'high' })
  await set(2, { severity: 'critical' })
  await set(3, { severity: 'high' })
  await set(4, { severity: 'critical', verdict: 'benign' })

  const { rows, total } = await worstOpenFindings(store, 4)

  expect(rows.map(({ id }) => id)).toEqual([idOf(2), idOf(3), idOf(1), idOf(5)])
  expect(total).toBe(5)
})

test('a list can be narrowed to a detector, a host and a verdict', async () => {
  await hold(3)
  await decide(store, idOf(1), { verdict: 'confirmed', reason: '' }, by)

  expect((await listFindings(store, { verdict: 'confirmed' })).rows.map(({ id }) => id)).toEqual([idOf(1)])
  expect(await listFindings(store, { verdict: 'open', host: 'host-1' })).toMatchObject({ total: 2 })
  expect(await listFindings(store, { detector: 'another' })).toMatchObject({ total: 0, rows: [] })
})

test.each(['', 'x', `2026-11-24T10:00:00.000Z~`, `2026-11-24T10:00:00.000Z~a b`])(
  'a page after "%s" is refused, because no page gave it',
  async (after) => {
    await expect(listFindings(store, { after })).rejects.toMatchObject({ code: 'input-malformed' })
  },
)

test('"benign" needs a reason, and the finding stays as it was', async () => {
  await hold(1)

  await expect(decide(store, idOf(0), { verdict: 'benign', reason: '  ' }, by)).rejects.toMatchObject({
    code: 'input-malformed',
  })

  expect(await getFinding(store, idOf(0))).toMatchObject({ verdict: 'open' })
  expect(await store.selectFrom('audit').selectAll().execute()).toEqual([])
})

test('a decision names who, when and why, and is in the audit log together with it', async () => {
  await hold(1)

  const finding = await decide(store, idOf(0), { verdict: 'benign', reason: ' ordered scan ' }, by)

  expect(finding).toMatchObject({ verdict: 'benign', decidedBy: by.who, decidedAt: by.at, reason: 'ordered scan' })
  const log = await store.selectFrom('audit').selectAll().execute()
  expect(log).toMatchObject([{ act: 'finding.decide', who: by.who }])
  expect(JSON.parse(log[0]?.data ?? '')).toMatchObject({ id: idOf(0), verdict: 'benign', before: 'open' })
  expect(firstBreak(log)).toBeUndefined()
})

test('what became part of another finding leads to it, once', async () => {
  await hold(1, { aliases: JSON.stringify([idOf(7), idOf(8)]) })

  expect(await getFinding(store, idOf(8))).toMatchObject({ id: idOf(0) })
  expect(await findingsOf(store, [idOf(7), idOf(0), 'unknown', idOf(8)])).toHaveLength(1)
  expect(await decide(store, idOf(7), { verdict: 'confirmed', reason: '' }, by)).toMatchObject({ id: idOf(0) })
})

test.each([idOf(9), '%', '0'])('there is no finding "%s"', async (id) => {
  await hold(1, { aliases: JSON.stringify([idOf(7)]) })

  await expect(getFinding(store, id)).rejects.toMatchObject({ code: 'not-found' })
  await expect(decide(store, id, { verdict: 'confirmed', reason: '' }, by)).rejects.toMatchObject({ code: 'not-found' })
})
