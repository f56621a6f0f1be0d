import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseHead } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { openKeys } from '../keys/keys.ts'
import { openArtifacts } from '../ledger/artifacts.ts'
import { openLedger } from '../ledger/open.ts'
import { openStore } from '../store/store.ts'
import { type House, newHouse } from './backup.fixture.ts'
import { type Restoring, restoreBackup } from './restore.ts'
import { refuseUnfinished, refuseUsed } from './workshop.ts'
import { writeBackup } from './write.ts'

const never = new AbortController().signal
const nowMs = Date.parse('2026-11-25T08:00:00.000Z')

test('a backup holds everything of a console but its index and who is signed in, and a console made from it goes on where it ended', async () => {
  const house = await newHouse({ batches: 60, segmentBytes: 120_000 })
  const written = await save(house)
  expect(written).toMatchObject({ ledger: house.ledger, size: 60, packages: 2, unreadable: [] })
  expect(written.tables).toMatchObject({ person: 1, host: 2, token: 1, package: 1 })
  expect((await readdir(join(house.data, 'ledger'))).length).toBeGreaterThan(2)

  const { data, restored } = await restore(house, { recoveryKey: house.recoveryKey })

  expect(restored).toMatchObject({ size: 60, revokedTokens: 1 })
  const keys = await openKeys(join(data, 'keys'), Date.now, { mayCreate: false })
  expect(keys.caFingerprint).toBe(house.keys.caFingerprint)
  expect(keys.recovery.recipient()).toBe(house.keys.recovery.recipient())
  const ledger = await openLedger({ dir: join(data, 'ledger'), keys, now: () => nowMs })
  expect(ledger.id).toBe(restored.newLedger)
  expect(ledger.size()).toBe(61)
  expect(ledger.origins).toMatchObject([{ ledger: ledger.id, position: 60, before: house.head }])
  for (const { id } of house.hosts) expect(ledger.tipOf(id)).toMatchObject({ seq: 30 })
  const batch = house.hosts[0]!.seal(['after'], { witness: house.head })
  expect(parseHead((await ledger.append(batch, { receivedAtMs: nowMs, branch: null })).head)).toMatchObject({
    size: 62,
  })
  expect((await ledger.payload(0)).length).toBeGreaterThan(0)
  await ledger.close()
  const store = await openStore({ file: join(data, 'console.db') })
  expect(await store.selectFrom('session').selectAll().execute()).toEqual([])
  expect(await store.selectFrom('audit').select('act').execute()).toEqual([{ act: 'restore' }])
  expect(
    (await store.selectFrom('host').select('public_key').execute()).map(({ public_key }) => Buffer.from(public_key)),
  ).toEqual(house.hosts.map(({ publicKey }) => Buffer.from(publicKey)))
  await store.destroy()
  expect(await readFile(join(data, 'packages', `${house.packageId}.zip`), 'utf8')).toBe('a package')
  const artifact = await openArtifacts({ dir: join(data, 'ledger'), masterKey: house.keys.masterKey }).read(
    house.artifact,
  )
  expect(Buffer.concat(await Array.fromAsync(artifact.bytes)).toString()).toBe('an artifact')
})

test('a console that was restored twice names both ledgers it goes on from', async () => {
  const house = await newHouse({ batches: 4 })
  await save(house)
  const first = await restore(house, { recoveryKey: house.recoveryKey })
  const again = { ...house, data: first.data, keysDir: join(first.data, 'keys'), folder: join(house.folder, 'two') }
  await mkdir(again.folder)
  expect(await save(again)).toMatchObject({ size: 5, ledger: first.restored.newLedger })

  const second = await restore(again, { recoveryKey: house.recoveryKey })

  const keys = await openKeys(join(second.data, 'keys'))
  const ledger = await openLedger({ dir: join(second.data, 'ledger'), keys, now: () => nowMs })
  expect(ledger.origins.map(({ before }) => before && parseHead(before).ledger)).toEqual([
    house.ledger,
    first.restored.newLedger,
  ])
  await ledger.close()
})

test('with the keys folder that was not lost its keys are used, and those of another console are refused', async () => {
  const house = await newHouse()
  await save(house)
  const other = await newHouse({ batches: 1 })
  const opener = { masterKey: house.keys.masterKey }

  const { data } = await restore(house, opener, { keysDir: house.keysDir })
  expect((await readdir(data)).sort()).toEqual(['console.db', 'ledger', 'packages'])
  await expect(restore(house, opener, { keysDir: other.keysDir })).rejects.toMatchObject({ code: 'keys-other' })
  await expect(restore(house, { masterKey: other.keys.masterKey })).rejects.toMatchObject({ code: 'backup-sealed' })
  await expect(restore(house, { recoveryKey: other.recoveryKey })).rejects.toMatchObject({ code: 'backup-sealed' })
})

test('what is cut off, changed, or stopped leaves the folder as it was', async () => {
  const house = await newHouse()
  await save(house)
  const file = join(house.folder, 'backup.tw')
  const bytes = await readFile(file)
  for (const at of [bytes.length - 1, bytes.length >> 1, 300]) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    await writeFile(join(house.folder, 'bad.tw'), changed)
    await refusedAndEmpty(house, 'bad.tw', /^backup-/)
    await writeFile(join(house.folder, 'bad.tw'), bytes.subarray(0, at))
    await refusedAndEmpty(house, 'bad.tw', /^backup-/)
  }
  const stopped = new AbortController()
  stopped.abort()
  await refusedAndEmpty(house, 'backup.tw', /^cancelled$/, stopped.signal)
})

test('a ledger that does not give the head it was signed with is found before a backup of it has its name', async () => {
  const house = await newHouse()
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(join(house.data, 'ledger', 'segment-00000001.db'))
  db.exec('update batch set received_at = received_at + 1 where position = 3')
  db.close()

  await expect(save(house)).rejects.toMatchObject({ code: 'backup-damaged' })
  expect((await readdir(house.folder)).sort()).toEqual(['data', 'keys'])
})

test('a head in the middle that does not fit the entries before it is found too', async () => {
  const house = await newHouse()
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(join(house.data, 'ledger', 'segment-00000001.db'))
  db.exec('update head set (head, signature) = (select head, signature from head where size = 4) where size = 3')
  db.close()

  await expect(save(house)).rejects.toMatchObject({ code: 'backup-damaged' })
})

test('a payload that does not open is saved as it is, and named', async () => {
  const house = await newHouse()
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(join(house.data, 'ledger', 'segment-00000001.db'))
  db.exec('update batch set payload = zeroblob(40) where position = 3')
  db.close()

  expect((await save(house)).unreadable).toEqual([3])
  expect((await restore(house, { recoveryKey: house.recoveryKey })).restored.unreadable).toEqual([3])
})

test('a backup takes the place of no other file, and one that is stopped leaves none', async () => {
  const house = await newHouse()
  await save(house)
  const stop = new AbortController()
  stop.abort()

  await expect(save(house)).rejects.toMatchObject({ code: 'file-unwritable' })
  await expect(save(house, 'other.tw', stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect((await readdir(house.folder)).sort()).toEqual(['backup.tw', 'data', 'keys'])
})

test('a folder in which something is, or in which a restore died, is told apart', async () => {
  const house = await newHouse({ batches: 1 })
  await expect(refuseUsed(house.data)).rejects.toMatchObject({ code: 'folder-in-use' })

  const dead = join(house.folder, 'dead')
  await mkdir(join(dead, 'restoring'), { recursive: true })
  await mkdir(join(dead, 'keys'))
  await expect(refuseUsed(dead)).resolves.toBeUndefined()
  expect(() => refuseUnfinished(dead)).toThrow(expect.objectContaining({ code: 'restore-unfinished' }))
})

function save({ data, keysDir, keys, folder }: House, name = 'backup.tw', signal = never) {
  const to = { masterKey: keys.masterKey, recipient: keys.recovery.recipient() }
  return writeBackup({ data, keysDir, nowMs, out: join(folder, name), to, signal, step: () => undefined })
}

async function restore(
  house: House,
  opener: Restoring['opener'],
  { keysDir, file = 'backup.tw', signal = never }: { keysDir?: string; file?: string; signal?: AbortSignal } = {},
) {
  const data = join(house.folder, `made-${(await readdir(house.folder)).length}`)
  await mkdir(data)
  const about = { who: 'os:test', now: () => nowMs, signal, step: () => undefined }
  const restored = await restoreBackup({ file: join(house.folder, file), data, keysDir, opener, ...about })
  return { data, restored }
}

async function refusedAndEmpty(house: House, file: string, code: RegExp, signal = never): Promise<void> {
  const before = (await readdir(house.folder)).length
  await expect(restore(house, { recoveryKey: house.recoveryKey }, { file, signal })).rejects.toMatchObject({
    code: expect.stringMatching(code),
  })
  expect(await readdir(join(house.folder, `made-${before}`))).toEqual([])
}
