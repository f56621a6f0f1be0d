import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CollectionOpening, kinStatement, sealEnd, sealOpening, toBase64 } from '@tidewaiter/protocol'
import type { BegunImport, FinishImport, TakenBatch } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { sendFile } from '../cli/send-file.ts'
import { refuse } from '../error.ts'
import { importPair } from '../keys/derived.ts'
import { newKeyPair } from '../keys/key-pair.ts'
import { newSealingHost, type SealingHost } from '../ledger/host.fixture.ts'
import { newFolder, openTestLedger } from '../ledger/ledger.fixture.ts'
import { openLive } from '../live.ts'
import { openStore, type Store } from '../store/store.ts'
import { imports } from './imports.ts'
import { openTestRoute } from './route.fixture.ts'

const at = '2026-11-27T10:00:00.000Z'
const intake = newKeyPair()

let store: Store
let ledger: Awaited<ReturnType<typeof openTestLedger>>
let app: FastifyInstance

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  onTestFinished(() => store.destroy())
  ledger = await openTestLedger({ dir: newFolder() })
  // What the route asks of the keys.
  const keys = { dir: '/keys', importKey: (name: string) => importPair(intake, name).publicKey } as never
  app = await openTestRoute(imports, { store, ledger, keys, live: openLive(), now: () => Date.parse(at) })
  onTestFinished(() => app.close())
})

test('a collection becomes a host whose batches are held once, and whose sources stand as its end says', async () => {
  const host = newSealingHost()
  const begun = (await begin(host)).json<BegunImport>()
  expect(begun).toMatchObject({
    host: host.id,
    name: 'desk-1',
    tip: null,
    says: [expect.stringContaining('not proven')],
  })
  const batches = [host.seal(['one']), host.seal(['two'])]

  for (const { bytes } of batches) expect((await give(host.id, bytes)).json<TakenBatch>().is).toBe('added')
  for (const { bytes } of batches) expect((await give(host.id, bytes)).json<TakenBatch>().is).toBe('held')
  expect(await finish(host, { complete: true })).toMatchObject({ statusCode: 200 })

  expect(ledger.size()).toBe(2)
  const row = await store.selectFrom('host').selectAll().executeTakeFirstOrThrow()
  expect(row).toMatchObject({ id: host.id, kind: 'collection', name: 'desk-1', lineage: null, last_seen_at: at })
  expect(JSON.parse(row.last_state ?? '')).toMatchObject({
    sources: [
      { id: 'login:wtmp', state: 'ok' },
      { id: 'journal', state: 'not-enabled', why: 'None.' },
    ],
    since: { journal: at },
  })
  const acts = await store.selectFrom('audit').select(['act', 'who']).orderBy('no').execute()
  expect(acts.map(({ act }) => act)).toEqual(['import.collection', 'import.done'])
})

test('a batch that is not what its key signed is refused by name, and nothing of it is held', async () => {
  const [host, other] = [newSealingHost(), newSealingHost()]
  await begin(host)
  const { bytes } = host.seal(['one'])
  const changed = Uint8Array.from(bytes)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1

  expect((await give(host.id, changed)).json()).toMatchObject({ code: 'payload-digest-wrong' })
  expect((await give(host.id, other.seal().bytes)).json()).toMatchObject({ code: 'host-wrong' })
  expect((await give(other.id, other.seal().bytes)).json()).toMatchObject({ code: 'not-found' })
  expect((await give(host.id, Buffer.from('nonsense'))).json()).toMatchObject({ code: 'batch-malformed' })
  expect(ledger.size()).toBe(0)
})

test('nothing is imported into the chain of a host with an agent', async () => {
  const host = newSealingHost()
  const none = { os: '', platform: '', agent: '', name: 'srv' }
  const row = {
    ...none,
    id: host.id,
    kind: 'agent' as const,
    state: 'active' as const,
    public_key: Buffer.from(host.publicKey),
  }
  await store
    .insertInto('host')
    .values({ ...row, enrolled_at: at })
    .execute()

  expect((await give(host.id, host.seal().bytes)).json()).toMatchObject({ code: 'not-found' })
  expect((await finish(host, { complete: true })).json()).toMatchObject({ code: 'not-found' })
})

test('a hole is noted, what fills it is kept beside the line, and another past is noted as that', async () => {
  const host = newSealingHost()
  await begin(host)
  const [one, two, three] = [host.seal(['one']), host.seal(['two']), host.seal(['three'])]
  const other = host.seal(['another'], { seq: 1, prev: null })
  const notes = async () => await store.selectFrom('irregularity').select(['code', 'seq']).orderBy('no').execute()

  await give(host.id, one.bytes)
  expect((await give(host.id, three.bytes)).json<TakenBatch>().is).toBe('added')
  expect(await notes()).toEqual([{ code: 'chain-gap', seq: 3 }])
  expect((await give(host.id, two.bytes)).json<TakenBatch>().is).toBe('beside')
  expect((await give(host.id, two.bytes)).json<TakenBatch>().is).toBe('held')
  expect(await notes()).toHaveLength(1)
  expect((await give(host.id, other.bytes)).json<TakenBatch>().is).toBe('beside')
  expect(await notes()).toEqual([
    { code: 'chain-gap', seq: 3 },
    { code: 'chain-fork', seq: 1 },
  ])
})

test('what was refused of a file, or cut off, is noted with its host, and once', async () => {
  const host = newSealingHost()
  await begin(host)
  const damaged = [{ at: 700, bytes: 90, code: 'payload-digest-wrong', says: 'the payload is not the one' }]

  for (let i = 0; i < 2; i++) await finish(host, { damaged })
  await finish(host, { complete: false })

  const rows = await store.selectFrom('irregularity').select(['code', 'says']).where('host', '=', host.id).execute()
  expect(rows.map(({ code }) => code)).toEqual(['payload-digest-wrong', 'collection-malformed', 'chain-gap'])
  expect(rows[0]?.says).toContain('byte 700')
})

test('an opening or an end that another key signed is refused', async () => {
  const [host, other] = [newSealingHost(), newSealingHost()]

  expect((await begin(host, { by: other })).json()).toMatchObject({ code: 'signature-wrong' })
  expect((await begin({ ...host, id: other.id })).json()).toMatchObject({ code: 'collection-malformed' })
  await begin(host)
  expect((await finish(host, { complete: true, by: other })).json()).toMatchObject({ code: 'signature-wrong' })
})

test('a collection goes on from a known host only where the key of that host says so', async () => {
  const [host, agent] = [newSealingHost(), newSealingHost()]
  const none = { os: '', platform: '', agent: '', name: 'desk-1' }
  const row = {
    ...none,
    id: agent.id,
    kind: 'agent' as const,
    state: 'active' as const,
    public_key: Buffer.from(agent.publicKey),
  }
  await store
    .insertInto('host')
    .values({ ...row, enrolled_at: at })
    .execute()
  const batch = agent.seal()
  await ledger.append(batch, { receivedAtMs: Date.parse(at), branch: null })
  const lineageOf = async (id: string) =>
    (await store.selectFrom('host').select('lineage').where('id', '=', id).executeTakeFirstOrThrow()).lineage

  const unproven = newSealingHost()
  const { says } = (await begin(unproven)).json<BegunImport>()
  expect(says).toEqual([expect.stringContaining(`Host ${agent.id} has the same name, which proves nothing.`)])
  expect(await lineageOf(unproven.id)).toBeNull()

  const forged = newSealingHost()
  const wrong = (await begin(forged, { kin: agent, kinBy: forged })).json<BegunImport>()
  expect(wrong.says).toEqual([expect.stringContaining('signature for that is wrong')])
  expect(await lineageOf(forged.id)).toBeNull()

  const proven = (await begin(host, { kin: agent })).json<BegunImport>()
  expect(proven.says).toEqual([expect.stringContaining('its agent signed for it')])
  expect(JSON.parse((await lineageOf(host.id)) ?? '')).toEqual({ host: agent.id, seq: 1, header: batch.headerHash })

  await store.updateTable('host').set({ state: 'revoked' }).where('id', '=', agent.id).execute()
  const late = newSealingHost()
  const revoked = (await begin(late, { kin: agent })).json<BegunImport>()
  expect(revoked.says).toEqual([expect.stringContaining('is revoked: its key vouches for nothing')])
  expect(await lineageOf(late.id)).toBeNull()
})

test('files that are brought for a name are sealed with the key of that name alone, and it is said where they ended', async () => {
  const begun = (await post('/imports', { name: 'OLD-SRV' })).json<BegunImport>()
  const again = (await post('/imports', { name: 'OLD-SRV' })).json<BegunImport>()
  const other = (await post('/imports', { name: 'OTHER' })).json<BegunImport>()

  expect(begun).toMatchObject({
    name: 'OLD-SRV',
    tip: null,
    places: [],
    says: [expect.stringContaining('origin not proven')],
  })
  expect(again.host).toBe(begun.host)
  expect(other.host).not.toBe(begun.host)
  expect((await give(begun.host, newSealingHost().seal([], { host: begun.host }).bytes)).json()).toMatchObject({
    code: 'signature-wrong',
  })
})

test('two imports of files for one name at once are one line: the second begins again behind the first', async () => {
  const folder = newFolder()
  const given = (file: string) => {
    const path = join(folder, file)
    writeFileSync(path, `Nov 27 10:00:00 srv sshd[1]: ${file}\n`)
    const zone = { name: '', offset: 0 }
    const pair = importPair(intake, 'SRV')
    return { path, modifiedAt: at, kind: undefined, zone, pair, by: 'os:test', now: () => Date.parse(at) }
  }
  // The shape is the route's.
  const call = async (_: string, url: string, body: unknown) => (await post(url, body as object)).json() as never
  const plain = async (url: string, bytes: Uint8Array) => {
    const reply = await give(url.split('/')[2] ?? '', bytes)
    if (reply.statusCode !== 200) throw refuse(reply.json().code, reply.json().detail)
    return reply.json() as never
  }
  let isFirst = true
  const send = async (url: string, bytes: Uint8Array) => {
    if (isFirst) {
      isFirst = false
      await sendFile({ call, send: plain }, 'SRV', given('b.log'))
    }
    return plain(url, bytes)
  }
  const { begun, batches, sealed } = await sendFile({ call, send }, 'SRV', given('a.log'))

  expect(batches).toEqual({ added: 1, held: 0, beside: 0 })
  expect(sealed.records).toBe(1)
  expect(ledger.tipOf(begun.host)?.seq).toBe(2)
  expect(await store.selectFrom('irregularity').select('says').execute()).toEqual([])
})

function openingOf(host: Pick<SealingHost, 'id' | 'publicKey'>, kin?: SealingHost, kinBy = kin): CollectionOpening {
  const names = { name: 'desk-1', os: 'Debian', platform: 'linux', agent: '0.1.0' }
  const opening = { tw: 'collection/1', host: host.id, publicKey: toBase64(host.publicKey), ...names } as const
  const statement = kinStatement({ host: host.id, startedAt: at })
  const signature = kinBy && toBase64(signBy(kinBy)(statement))
  const named = kin && signature && { host: kin.id, publicKey: toBase64(kin.publicKey), signature }
  return { ...opening, profile: 'full', startedAt: at, ...(named && { kin: named }) }
}

function signBy({ privateKey }: SealingHost) {
  return (data: Uint8Array) => nodePrimitives.signP256(privateKey, data)
}

function begin(
  host: SealingHost,
  { by = host, kin, kinBy }: { by?: SealingHost; kin?: SealingHost; kinBy?: SealingHost } = {},
) {
  return post('/imports', { opening: toBase64(sealOpening(openingOf(host, kin, kinBy), signBy(by))) })
}

function give(host: string, bytes: Uint8Array): Promise<LightMyRequestResponse> {
  const headers = { 'content-type': 'application/octet-stream' }
  return app.inject({ method: 'POST', url: `/imports/${host}/batches`, payload: Buffer.from(bytes), headers })
}

function finish(
  host: SealingHost,
  { complete, damaged = [], by = host }: { complete?: boolean; damaged?: FinishImport['damaged']; by?: SealingHost },
) {
  const counts = { batches: 0, records: 0, newest: null, leftOut: 0 }
  const sources = [
    { id: 'login:wtmp', state: 'covered' as const, records: 1, lost: [] },
    { id: 'journal', state: 'not-enabled' as const, records: 0, lost: [], why: 'None.' },
  ]
  const end =
    complete === undefined
      ? null
      : { tw: 'collection-end/1' as const, host: host.id, ...counts, endedAt: at, complete, sources }
  const file = { file: 'x.tide', sha256: 'ab'.repeat(32), bytes: 1000, added: 1, held: 0 }
  const signed = end === null ? null : toBase64(sealEnd(end, signBy(by)))
  return post(`/imports/${host.id}/end`, {
    ...file,
    end: signed,
    isCut: signed === null,
    damaged,
  } satisfies FinishImport)
}

function post(url: string, payload: object): Promise<LightMyRequestResponse> {
  return app.inject({ method: 'POST', url, payload })
}
