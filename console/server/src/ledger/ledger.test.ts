import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type Batch,
  checkHead,
  consistencyOf,
  entryOf,
  fromHex,
  isConsistent,
  parseHead,
  rootOf,
  type SignedHead,
  toHex,
  treeOf,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSqlite, type Sqlite } from '../store/sqlite.ts'
import { newSealingHost, type SealingHost } from './host.fixture.ts'
import { newFolder, newLedgerKeys, openTestLedger, receivedAtMs } from './ledger.fixture.ts'
import type { Ledger } from './ledger.ts'

test('a batch is found again by place and by position, with the payload the host sealed', async () => {
  const ledger = await openTestLedger({ dir: newFolder() })
  const host = newSealingHost()
  const batches = [host.seal(['one']), host.seal(['two']), host.seal(['three'])]

  const answers = await Promise.all(batches.map((batch) => add(ledger, batch)))

  expect(answers.map(({ position }) => position)).toEqual([0, 1, 2])
  for (const [position, batch] of batches.entries()) {
    const entry = await ledger.find({ host: host.id, branch: null, seq: batch.header.seq })
    expect(entry).toEqual(await ledger.entry(position))
    expect(entry).toMatchObject({ position, headerHash: batch.headerHash, branch: null, receivedAtMs })
    expect(Buffer.from(entry!.headerBytes)).toEqual(Buffer.from(batch.headerBytes))
    expect(Buffer.from(await ledger.payload(position))).toEqual(Buffer.from(batch.payload))
  }
  expect(ledger.tipOf(host.id)).toEqual({ seq: 3, headerHash: batches[2]!.headerHash })
  expect(await ledger.headerHashOf(host.id, 2)).toBe(batches[1]!.headerHash)
  expect(await ledger.entry(3)).toBeUndefined()
  expect(ledger.tipOf('0'.repeat(32))).toBeNull()
})

test('batches that wait together share one transaction and one signed head', async () => {
  const keys = newLedgerKeys()
  const ledger = await openTestLedger({ dir: newFolder(), keys })
  const hosts = Array.from({ length: 5 }, newSealingHost)

  const answers = await Promise.all(hosts.map((host) => add(ledger, host.seal())))

  expect(new Set(answers.map(({ head }) => head.head)).size).toBe(1)
  expect(checkHead(nodePrimitives, answers[0]!.head, keys.pair.publicKey)).toMatchObject({ ledger: ledger.id, size: 5 })
  expect(ledger.head()).toEqual(answers[0]!.head)
})

test('a ledger that is opened again goes on where it was, in a new segment', async () => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const host = newSealingHost()
  const first = await openTestLedger({ dir, keys })
  await add(first, host.seal())
  const head = first.head()
  await first.close()

  const again = await openTestLedger({ dir, keys })

  expect([again.id, again.size(), again.head()]).toEqual([first.id, 1, head])
  expect(segments(dir)).toHaveLength(1)
  await add(again, host.seal())
  expect(segments(dir)).toHaveLength(2)
  expect(again.tipOf(host.id)?.seq).toBe(2)
  expect(await headOf(again)).toBe(parseHead(again.head()).root)
})

test('a segment that has its size is followed by a next one, and all of them are read', async () => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const ledger = await openTestLedger({ dir, keys, segmentBytes: 512 * 1024 })
  const hosts = [newSealingHost(), newSealingHost()]
  const batches: Batch[] = []
  for (let i = 0; i < 24; i++) {
    const batch = hosts[i % 2]!.seal([randomText(90_000)])
    batches.push(batch)
    await add(ledger, batch)
  }

  await ledger.close()
  const again = await openTestLedger({ dir, keys })

  expect(segments(dir).length).toBeGreaterThan(3)
  for (const { header } of batches)
    expect(await again.find({ host: header.host, branch: null, seq: header.seq })).toMatchObject({ seq: header.seq })
  const seqs = await Array.fromAsync(again.entriesOf(hosts[0]!.id, { from: 3, to: 11 }), ({ seq }) => seq)
  expect(seqs).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(Buffer.from(await again.payload(20))).toEqual(Buffer.from(batches[20]!.payload))
  expect(await headOf(again)).toBe(parseHead(again.head()).root)
})

test('the head is the root of the entries, and every earlier head is a beginning of it, however often it is closed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant('restart')), { maxLength: 12 }),
      async (steps) => {
        const dir = newFolder()
        const keys = newLedgerKeys()
        const host = newSealingHost()
        const heads: SignedHead[] = []
        let ledger = await openTestLedger({ dir, keys })
        for (const step of steps) {
          if (step === 'restart') {
            await ledger.close()
            ledger = await openTestLedger({ dir, keys })
          } else {
            const batches = Array.from({ length: step as number }, () => host.seal())
            for (const { head } of await Promise.all(batches.map((batch) => add(ledger, batch)))) heads.push(head)
          }
        }

        const leaves = await ledger.leaves(ledger.size())
        const tree = treeOf(nodePrimitives, leaves)

        expect(Buffer.from(leaves)).toEqual(Buffer.concat(await leavesFromEntries(ledger)))
        expect(parseHead(ledger.head())).toMatchObject({ size: ledger.size(), root: toHex(tree.root) })
        for (const { size, root } of heads.map(parseHead))
          expect(
            isConsistent(
              nodePrimitives,
              { size, root: fromHex(root)! },
              { size: tree.count, root: tree.root },
              consistencyOf(tree, size),
            ),
          ).toBe(true)
        await ledger.close()
      },
    ),
    { numRuns: 15 },
  )
}, 60_000)

test('a copy of the files taken at any moment opens, with everything that was acknowledged before', async () => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const ledger = await openTestLedger({ dir, keys, segmentBytes: 700 * 1024 })
  const hosts = Array.from({ length: 3 }, newSealingHost)
  const acknowledged: Batch[] = []
  const copies: { folder: string; count: number }[] = []

  const feed = async (host: SealingHost) => {
    for (let i = 0; i < 12; i++) {
      const batch = host.seal([randomText(1 + Math.floor(Math.random() * 40_000))])
      await add(ledger, batch)
      acknowledged.push(batch)
    }
  }
  let isFed = false
  const fed = Promise.all(hosts.map(feed)).then(() => {
    isFed = true
  })
  while (!isFed) {
    copies.push({ count: acknowledged.length, folder: copyOf(dir) })
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30))
  }
  await fed

  expect(copies.length).toBeGreaterThan(3)
  for (const { folder, count } of copies) {
    const copy = await openTestLedger({ dir: folder, keys })
    expect(copy.size()).toBeGreaterThanOrEqual(count)
    for (const { header, headerHash, payload } of acknowledged.slice(0, count)) {
      const entry = await copy.find({ host: header.host, branch: null, seq: header.seq })
      expect(entry?.headerHash).toBe(headerHash)
      expect(Buffer.from(await copy.payload(entry!.position))).toEqual(Buffer.from(payload))
    }
    expect(await headOf(copy)).toBe(parseHead(copy.head()).root)
    await add(copy, newSealingHost().seal())
    expect(await headOf(copy)).toBe(parseHead(copy.head()).root)
    await copy.close()
  }
}, 60_000)

test('a full disk refuses what waits, keeps nothing of it, and takes the next batch when there is room', async () => {
  const disk = { isFull: false }
  const ledger = await openTestLedger({ dir: newFolder(), open: failingWhen(/^insert into head/, disk, 'SQLITE_FULL') })
  const host = newSealingHost()
  const batches = [host.seal(), host.seal(), host.seal()]
  await add(ledger, batches[0]!)
  const head = ledger.head()

  disk.isFull = true
  const refused = await Promise.allSettled([add(ledger, batches[1]!), add(ledger, batches[2]!)])
  disk.isFull = false

  expect(refused).toMatchObject([{ reason: { code: 'disk-full' } }, { reason: { code: 'disk-full' } }])
  expect([ledger.size(), ledger.head(), ledger.tipOf(host.id)?.seq]).toEqual([1, head, 1])
  expect((await add(ledger, batches[1]!)).position).toBe(1)
  expect((await add(ledger, batches[2]!)).position).toBe(2)
  expect(await headOf(ledger)).toBe(parseHead(ledger.head()).root)
})

test('a batch that comes while a full disk is found out fails with those before it, and all are taken when there is room', async () => {
  const disk = { isFull: false }
  const host = newSealingHost()
  const batches = [host.seal(), host.seal()]
  let late: Promise<PromiseSettledResult<unknown>[]> | undefined
  const failing = failingWhen(/^insert into head/, disk, 'SQLITE_FULL')
  const open = async (file: string): Promise<Sqlite> => {
    const db = await failing(file)
    const exec = (sql: string) => {
      if (sql === 'ROLLBACK') late ??= Promise.allSettled([add(ledger, batches[1]!)])
      return db.exec(sql)
    }
    return { ...db, exec }
  }
  const ledger: Ledger = await openTestLedger({ dir: newFolder(), open })

  disk.isFull = true
  await expect(add(ledger, batches[0]!)).rejects.toMatchObject({ code: 'disk-full' })
  expect(await late).toMatchObject([{ reason: { code: 'disk-full' } }])
  disk.isFull = false

  expect((await add(ledger, batches[0]!)).position).toBe(0)
  expect((await add(ledger, batches[1]!)).position).toBe(1)
})

test('a commit that failed and was on disk all the same is found there', async () => {
  const disk = { isFull: false }
  const open = async (file: string, options?: { readOnly: boolean }): Promise<Sqlite> => {
    const db = await openSqlite(file, options)
    const exec = async (sql: string) => {
      await db.exec(sql)
      if (sql === 'COMMIT' && disk.isFull) throw sqliteError('SQLITE_IOERR')
    }
    return { ...db, exec }
  }
  const ledger = await openTestLedger({ dir: newFolder(), open })
  const host = newSealingHost()
  const batch = host.seal()

  disk.isFull = true
  await expect(add(ledger, batch)).rejects.toMatchObject({ code: 'disk-full' })
  disk.isFull = false
  await add(ledger, newSealingHost().seal())

  expect(ledger.size()).toBe(2)
  expect(ledger.tipOf(host.id)).toEqual({ seq: 1, headerHash: batch.headerHash })
  expect(await headOf(ledger)).toBe(parseHead(ledger.head()).root)
})

test('with another master key the entries can be counted and no payload can be read', async () => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const ledger = await openTestLedger({ dir, keys })
  await add(ledger, newSealingHost().seal())
  await ledger.close()

  const other = await openTestLedger({ dir, keys: { ...keys, masterKey: new Uint8Array(32).fill(8) } })

  expect(other.size()).toBe(1)
  await expect(other.payload(0)).rejects.toMatchObject({ code: 'payload-unreadable' })
})

test('a payload put in the place of another one does not open', async () => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const host = newSealingHost()
  const ledger = await openTestLedger({ dir, keys })
  for (const batch of [host.seal(['one']), host.seal(['two'])]) await add(ledger, batch)
  await ledger.close()
  await change(dir, 'update batch set payload = (select payload from batch where position = 1) where position = 0')

  const again = await openTestLedger({ dir, keys })

  await expect(again.payload(0)).rejects.toMatchObject({ code: 'payload-unreadable' })
  await expect(again.payload(1)).resolves.toBeDefined()
})

test.each([
  [
    'a changed header',
    'update batch set header = cast(replace(header, char(34), char(39)) as blob) where position = 1',
  ],
  ['a changed time', 'update batch set received_at = received_at + 1 where position = 0'],
  ['a missing entry', 'delete from batch where position = 1'],
  ['a missing newest entry', 'delete from batch where position = 2'],
  ['a missing head', 'delete from head where size = 3'],
  ['a head of one entry less', `update head set head = replace(head, '"size":3', '"size":2') where size = 3`],
])('%s is noticed when the ledger is opened', async (_what, sql) => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const host = newSealingHost()
  const ledger = await openTestLedger({ dir, keys })
  for (let i = 0; i < 3; i++) await add(ledger, host.seal())
  await ledger.close()
  await change(dir, sql)

  await expect(openTestLedger({ dir, keys })).rejects.toMatchObject({ code: 'ledger-damaged' })
})

test('a segment that is missing between others is noticed when the ledger is opened', async () => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const host = newSealingHost()
  for (let i = 0; i < 3; i++) {
    const ledger = await openTestLedger({ dir, keys })
    await add(ledger, host.seal())
    await ledger.close()
  }

  for (const name of readdirSync(dir)) if (name.startsWith('segment-00000002')) rmSync(join(dir, name))

  await expect(openTestLedger({ dir, keys })).rejects.toMatchObject({ code: 'ledger-damaged' })
})

test('a child process reads what is appended meanwhile, over all segments', async () => {
  const dir = newFolder()
  const keys = newLedgerKeys()
  const ledger = await openTestLedger({ dir, keys, segmentBytes: 256 * 1024 })
  const host = newSealingHost()
  const batches = Array.from({ length: 12 }, () => host.seal([randomText(50_000)]))
  for (const batch of batches.slice(0, 6)) await add(ledger, batch)

  const half = readInChild(dir, keys.masterKey)
  for (const batch of batches.slice(6)) await add(ledger, batch)
  const whole = await readInChild(dir, keys.masterKey)

  const expected = batches.map(({ headerHash, payload }) => `${headerHash} ${toHex(nodePrimitives.sha256(payload))}`)
  expect(whole).toEqual(expected)
  expect(expected.slice(0, (await half).length)).toEqual(await half)
  expect((await half).length).toBeGreaterThanOrEqual(6)
})

test('a host whose batch is held already cannot have its place taken', async () => {
  const ledger = await openTestLedger({ dir: newFolder() })
  const batch = newSealingHost().seal()

  const [first, second] = await Promise.allSettled([add(ledger, batch), add(ledger, batch)])

  expect([first?.status, second?.status]).toEqual(['fulfilled', 'rejected'])
  expect(ledger.size()).toBe(1)
})

function add(ledger: Pick<Ledger, 'append'>, batch: Batch, branch: string | null = null) {
  return ledger.append(batch, { receivedAtMs, branch })
}

async function leavesFromEntries(ledger: Ledger): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = []
  for (let position = 0; position < ledger.size(); position++) {
    const entry = (await ledger.entry(position))!
    const headerHash = toHex(nodePrimitives.sha256(entry.headerBytes))
    leaves.push(entryOf(nodePrimitives, { ...entry, headerHash }))
  }
  return leaves
}

async function headOf(ledger: Ledger): Promise<string> {
  return toHex(rootOf(nodePrimitives, Buffer.concat(await leavesFromEntries(ledger))))
}

function segments(dir: string): string[] {
  return readdirSync(dir).filter((name) => /^segment-\d{8}\.db$/.test(name))
}

/** Text that does not compress. */
function randomText(length: number): string {
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join('')
}

/** The files at one moment, though they are written meanwhile: every commit makes a log longer or, at its end, empty. */
function copyOf(dir: string): string {
  const folder = join(newFolder(), 'copy')
  const names = () => readdirSync(dir).filter((name) => !name.endsWith('-shm'))
  const sizeOf = (name: string) => statSync(join(dir, name), { throwIfNoEntry: false })?.size
  const sizes = () => JSON.stringify(names().map((name) => [name, sizeOf(name)]))
  const copyAll = () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    // Read and written: a copy by the system never ends when the file is cut meanwhile.
    for (const name of names()) writeFileSync(join(folder, name), readFileSync(join(dir, name)))
  }
  for (let copied = ''; copied !== sizes(); ) {
    copied = sizes()
    try {
      copyAll()
    } catch (cause) {
      // A journal that is gone by now: the copy is begun anew.
      if (!String(cause).includes('ENOENT')) throw cause
      copied = ''
    }
  }
  return folder
}

async function change(dir: string, sql: string): Promise<void> {
  const db = await openSqlite(join(dir, 'segment-00000001.db'))
  await db.exec(sql)
  await db.close()
}

function failingWhen(pattern: RegExp, disk: { isFull: boolean }, code: string) {
  return async (file: string, options?: { readOnly: boolean }): Promise<Sqlite> => {
    const db = await openSqlite(file, options)
    return {
      ...db,
      run: (sql, parameters) =>
        disk.isFull && pattern.test(sql) ? Promise.reject(sqliteError(code)) : db.run(sql, parameters),
    }
  }
}

function sqliteError(code: string): Error {
  return Object.assign(new Error(`${code}: from the test`), { code })
}

/** `<header hash> <payload hash>` of every entry, as a process of its own reads them. */
async function readInChild(dir: string, masterKey: Uint8Array): Promise<string[]> {
  const script = fileURLToPath(new URL('./read-all.fixture.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, dir, toHex(masterKey)])
  return stdout.split('\n').filter((line) => line !== '')
}
