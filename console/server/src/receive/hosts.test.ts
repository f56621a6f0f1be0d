import { hash } from 'node:crypto'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import type { Deps } from '../deps.ts'
import { coverageFrom, type HostStanding } from '../index/host-coverage.ts'
import { connected, enrolled } from './agent.fixture.ts'
import { hostDetail, listHosts } from './hosts.ts'
import { startConsole, type TestConsole } from './receive.fixture.ts'
import { revokeHost } from './revoke.ts'

const state = {
  type: 'state' as const,
  sources: [
    { id: 'journal:system', state: 'ok' as const },
    { id: 'audit', state: 'not-enabled' as const, why: 'auditd is not installed', fix: 'apt install auditd' },
    // Of the agent itself: in no count.
    { id: 'agent:gap', state: 'ok' as const },
  ],
  spool: { batches: 3, bytes: 1200, unacked: 0 },
  clockOffsetMs: -1500,
  cpuPercent: 0.5,
  rssBytes: 61_000_000,
  caps: [{ cap: 'cpuPercent' as const, limit: 25, use: 0.5 }],
  witness: null,
}

test('a host is listed as it stands now, and as it was written down last after the console was closed', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  agent.send(...agent.host.seal(4))
  agent.say(state)
  await agent.acked(4)
  await expect.poll(() => console.receive.standing(agent.host.id)?.said).toBeDefined()

  const [host] = await listHosts(depsOf(console))

  expect(host).toMatchObject({
    id: agent.host.id,
    name: 'WS-014',
    status: 'degraded',
    why: 'audit: auditd is not installed.',
    seq: 4,
    lag: 4,
    sourcesOk: 1,
    sourcesTotal: 2,
    openFindings: 0,
  })
  await console.receive.close()
  console.aheadMs = 120_000
  const [later] = await listHosts({ ...depsOf(console), receive: null })
  expect(later).toMatchObject({ status: 'silent', seq: 4, lag: 4, sourcesOk: 1, sourcesTotal: 2, clockOffsetMs: -1500 })
  expect(later?.lastSeenAt).toBe((await console.host(agent.host.id)).last_seen_at)
})

test('the screens are told when a host falls silent, although nothing comes from it', async () => {
  const console = await startConsole({ bounds: { tickMs: 20, backMs: 0 } })
  const agent = await connected(console)
  agent.drop()
  await expect.poll(() => console.receive.connections()).toEqual([])
  const statusOf = async () => (await listHosts(depsOf(console)))[0]?.status
  expect(await statusOf()).toBe('lagging')
  const told = new Promise<void>((resolve) => console.deps.live.listen(['hosts'], () => resolve()))

  console.aheadMs = 31_000

  await told
  expect(await statusOf()).toBe('silent')
})

test('the detail of a host says what its agent says, what is covered, and what was refused', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  agent.say(state)
  agent.send(Buffer.from('garbage'))
  await agent.closed
  await expect.poll(() => console.codes()).toEqual(['batch-malformed'])

  const detail = await hostDetail(depsOf(console), agent.host.id)

  expect(detail).toMatchObject({
    publicKeyFingerprint: hash('sha256', agent.host.key.publicKey),
    certificateExpiresAt: (await console.host(agent.host.id)).certificate_expires_at,
    spool: state.spool,
    cpuPercent: 0.5,
    rssBytes: 61_000_000,
    caps: state.caps,
    now: state.sources,
    datasets: [{ dataset: 'sshd', count: 12 }],
    irregularities: [{ code: 'batch-malformed', seq: null, address: '127.0.0.1' }],
  })
  expect(detail.sources.map(({ id, state: is }) => `${id} ${is}`)).toEqual([
    'journal:system covered',
    'journal:system not-reachable',
    'audit not-enabled',
    'audit not-reachable',
  ])
})

test('since when a source is not enabled is known across a restart of the console', async () => {
  const console = await startConsole()
  const agent = await connected(console)
  agent.say(state)
  const said = () => console.receive.standing(agent.host.id)?.said
  await expect.poll(() => said()?.since.audit).toBeDefined()
  const since = said()?.since.audit

  await console.restart()
  console.aheadMs = 3_600_000
  const again = await connected(console, agent.host)
  again.say(state)

  await expect.poll(() => said()?.since).toEqual({ audit: since })
  const { sources } = await hostDetail(depsOf(console), agent.host.id)
  expect(sources.filter(({ id }) => id === 'audit')).toMatchObject([{ state: 'not-enabled', from: since }])
})

test('findings that are open count for their host, and a host nobody knows is not found', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  await addFinding(console, host.id, 'open')
  await addFinding(console, host.id, 'open')
  await addFinding(console, host.id, 'benign')

  expect((await listHosts(depsOf(console)))[0]).toMatchObject({ status: 'pending', openFindings: 2 })
  expect((await hostDetail(depsOf(console), host.id)).openFindings).toBe(2)
  await expect(hostDetail(depsOf(console), '0'.repeat(32))).rejects.toMatchObject({ code: 'not-found' })
})

test('a command on the data folder alone revokes a host that no port knows of', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const act = { who: 'root', at: '2026-11-24T12:00:00.000Z' }
  const deps = { ...depsOf(console), live: console.deps.live, receive: null }

  await revokeHost(deps, host.id, act)
  await revokeHost(deps, host.id, act)

  expect((await listHosts(deps))[0]?.status).toBe('revoked')
  const audit = await console.deps.store.selectFrom('audit').select('who').where('act', '=', 'host.revoke').execute()
  expect(audit).toEqual([{ who: 'root' }])
  await expect(revokeHost(deps, '0'.repeat(32), act)).rejects.toMatchObject({ code: 'not-found' })
})

test('two thousand hosts are listed with a handful of queries', async () => {
  const console = await startConsole()
  const first = await enrolled(console)
  const { no: _no, ...row } = await console.host(first.id)
  for (let i = 0; i < 20; i++) {
    const rows = Array.from({ length: 100 }, (_, at) => ({ ...row, id: hash('sha256', `${i} ${at}`).slice(0, 32) }))
    await console.deps.store.insertInto('host').values(rows).execute()
  }
  let queries = 0
  const { store } = console.deps
  const counting = new Proxy(store, {
    get(target, name) {
      queries += name === 'selectFrom' ? 1 : 0
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

  expect(await listHosts({ ...depsOf(console), store: counting })).toHaveLength(2001)
  expect(queries).toBeLessThan(5)
})

function depsOf({ deps, receive }: TestConsole): Pick<Deps, 'store' | 'ledger' | 'index' | 'receive' | 'now'> {
  const span: CoverageSpan = {
    id: 'journal:system',
    state: 'covered',
    from: '2020-01-01T00:00:00.000Z',
    to: '2020-01-01T01:00:00.000Z',
    records: 12,
    lost: 0,
  }
  const index = {
    ...deps.index,
    coverage: async (_host: string, standing: HostStanding) =>
      coverageFrom({ spans: [span], periods: new Map(), leftOut: [] }, standing, deps.now()),
    absences: async () => [],
    datasets: async () => [{ dataset: 'sshd', count: 12, lastAt: span.to }],
  }
  return { ...deps, index, receive }
}

async function addFinding({ deps }: TestConsole, host: string, verdict: string): Promise<void> {
  const text = { detector: 'd', severity: 'low', title: 't', subject_type: 'host', subject_value: host }
  const at = '2026-11-24T12:00:00.000Z'
  const times = { first_at: at, last_at: at, found_at: at }
  const none = { row: null, decided_by: null, decided_at: null, reason: null, records: '[]', why: '[]', aliases: '[]' }
  const id = hash('sha256', `${Math.random()}`)
  await deps.store
    .insertInto('finding')
    .values({ ...text, ...times, ...none, id, host, verdict, count: 1 })
    .execute()
}
