import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fromBase64 } from '@tidewaiter/protocol'
import { sql } from 'kysely'
import { isRefusal, refuse } from '../error.ts'
import { openFolder, syncFolder } from '../keys/folder.ts'
import { openKeys } from '../keys/keys.ts'
import { artifactFile } from '../ledger/artifacts.ts'
import { openLedger } from '../ledger/open.ts'
import { pageBytes, schema, segmentFile } from '../ledger/segment.ts'
import { recordAlone } from '../people/audit.ts'
import { migrationsFor, sqliteTypes } from '../store/migrations.ts'
import { openStore, type Store } from '../store/store.ts'
import type { CheckedEntry } from './checking.ts'
import type { Opener } from './envelope.ts'
import { type BackupReport, readBackup, type Taking } from './read.ts'
import type { Row } from './rows.ts'
import type { BackupSegment } from './shapes.ts'
import { clear, restoredParts, workshopOf } from './workshop.ts'

export interface Restoring {
  file: string
  /** Data folder: empty, or not there yet. */
  data: string
  /** Keys folder of the console where it was not lost: its keys are used, and nothing is written to it. */
  keysDir: string | undefined
  opener: Opener
  who: string
  now(): number
  signal: AbortSignal
  step(done: number, of: number): void
}

export interface Restored extends BackupReport {
  /** Id of the ledger that began with it. */
  newLedger: string
  revokedTokens: number
}

/**
 * Makes a console anew from a backup, in the data folder that the caller holds. All of it is checked before any of it
 * stands where a console looks; when something is wrong, the folder is as it was.
 * @throws what `readBackup` throws, `keys-other`, `disk-full`, `cancelled`
 */
export async function restoreBackup(restoring: Restoring): Promise<Restored> {
  const { data, file, opener } = restoring
  const place = workshopOf(data)
  await clear(data)
  await mkdir(place, { mode: 0o700 })
  try {
    const taking = await openTaking(restoring, place)
    let report: BackupReport
    try {
      report = await readBackup(createReadStream(file, { highWaterMark: 1024 * 1024 }), opener, taking)
    } finally {
      await taking.close()
    }
    const begun = await beginAgain(restoring, place, report)
    await putInPlace(data, place)
    return { ...report, ...begun }
  } catch (cause) {
    await clear(data)
    throw named(cause, data)
  }
}

function named(cause: unknown, data: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const isFull =
    /ENOSPC|EDQUOT|SQLITE_FULL/.test(code) || (cause instanceof Error && /disk is full/.test(cause.message))
  if (isRefusal(cause) || !isFull) return cause
  return refuse('disk-full', `The volume of ${data} is full: nothing was restored.`, { cause })
}

async function openTaking({ keysDir, signal, step }: Restoring, place: string) {
  const ledger = openSegments(join(place, 'ledger'))
  let store: Store | undefined
  let columns = new Map<string, ReadonlySet<string>>()
  await mkdir(join(place, 'ledger'), { mode: 0o700 })
  await mkdir(join(place, 'ledger', 'artifacts'), { mode: 0o700 })
  await mkdir(join(place, 'packages'), { mode: 0o700 })
  const taking: Taking = {
    async begin({ migration }) {
      if (!Object.hasOwn(migrationsFor(sqliteTypes), migration))
        throw refuse('backup-malformed', 'The backup was made by a newer version.')
      store = await openStore({ file: join(place, 'console.db') }, migration)
      columns = await columnsOf(store)
    },
    async keys(files) {
      if (keysDir !== undefined) return refuseOtherKeys(keysDir, files)
      const folder = openFolder(join(place, 'keys'))
      for (const [name, bytes] of files) folder.write(name, bytes)
    },
    async rows(table, rows) {
      if (store !== undefined) await insertRows(store, { table, rows, columns: columns.get(table) })
    },
    segment: async (segment) => ledger.begin(segment),
    entries: async (entries) => ledger.add(entries),
    async file(name, pieces) {
      await writeFile(join(place, 'packages', name), pieces, { mode: 0o600, flag: 'wx', flush: true })
    },
    async artifact(sha256, pieces) {
      await writeFile(artifactFile(join(place, 'ledger'), sha256), pieces, { mode: 0o600, flag: 'wx', flush: true })
    },
    step(done, of) {
      if (signal.aborted) throw refuse('cancelled', 'The restore was stopped. Nothing was put in place.')
      step(done, of)
    },
  }
  const close = async () => {
    ledger.close()
    await store?.destroy()
  }
  return { ...taking, close }
}

/** The keys folder that is there must be of the same console; it may be newer than the backup. Throws `keys-other`. */
function refuseOtherKeys(dir: string, files: ReadonlyMap<string, Buffer>): void {
  const folder = openFolder(dir)
  for (const name of ['ca.pem', 'master.key', 'index.key', 'intake.pem'])
    if (folder.read(name)?.toString() !== files.get(name)?.toString())
      throw refuse('keys-other', `The keys folder ${dir} holds other keys than the backup: ${name}.`)
}

async function columnsOf(store: Store): Promise<Map<string, ReadonlySet<string>>> {
  const tables = await store.introspection.getTables()
  return new Map(tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]))
}

/** SQLite takes 32,766 values in one statement. */
const mostValues = 30_000

async function insertRows(
  store: Store,
  { table, rows, columns }: { table: string; rows: Row[]; columns: ReadonlySet<string> | undefined },
): Promise<void> {
  const [first] = rows
  const names = Object.keys(first ?? {})
  const isKnown = columns !== undefined && names.every((name) => columns.has(name))
  if (!isKnown || rows.some((row) => Object.keys(row).join() !== names.join()))
    throw refuse('backup-malformed', `The table ${table} in the backup has other columns than it had.`)
  const target = sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))}) values`
  const atOnce = Math.max(1, Math.floor(mostValues / Math.max(1, names.length)))
  await store.transaction().execute(async (tx) => {
    for (let at = 0; at < rows.length; at += atOnce) {
      const values = rows.slice(at, at + atOnce).map((row) => sql`(${sql.join(Object.values(row))})`)
      await sql`${target} ${sql.join(values)}`.execute(tx)
    }
  })
}

/** Writes segments as they were, each file whole before the next one begins. */
function openSegments(dir: string) {
  let db: DatabaseSync | undefined
  let file = ''
  const close = () => {
    db?.close()
    db = undefined
  }
  return {
    begin({ number, ledger, first, frontier, key, createdAt }: BackupSegment): void {
      close()
      file = segmentFile(dir, number)
      db = new DatabaseSync(file)
      // Nobody looks at it before it is whole, and then it is synced once.
      db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${schema}`)
      const insert = 'insert into segment (number, ledger, first, frontier, key, created_at) values (?, ?, ?, ?, ?, ?)'
      const wrapped = fromBase64(key) ?? new Uint8Array(0)
      db.prepare(insert).run(number, ledger, first, JSON.stringify(frontier), wrapped, createdAt)
    },
    add(entries: readonly CheckedEntry[]): void {
      if (db === undefined) return
      const batch = db.prepare(
        `insert into batch (position, host, branch, seq, received_at, header_hash, leaf, signature, header, payload)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      const head = db.prepare('insert into head (size, head, signature) values (?, ?, ?)')
      db.exec('BEGIN')
      for (const entry of entries) {
        const { position, host, branch, seq, receivedAtMs, headerHash, leaf, signatureBytes, headerBytes, payload } =
          entry
        const place = [position, host, branch ?? '', seq, receivedAtMs, headerHash] as const
        batch.run(...place, leaf, signatureBytes, headerBytes, payload)
        if (entry.head !== undefined) head.run(position + 1, entry.head.head, entry.head.signature)
      }
      db.exec('COMMIT')
    },
    close,
  }
}

/** The ledger goes on under a new id, and what could be used a second time is revoked. */
async function beginAgain(
  { keysDir, who, now }: Restoring,
  place: string,
  report: BackupReport,
): Promise<Pick<Restored, 'newLedger' | 'revokedTokens'>> {
  const keys = await openKeys(keysDir ?? join(place, 'keys'), now, { mayCreate: false })
  const ledger = await openLedger({ dir: join(place, 'ledger'), keys, now, beginsAgain: true })
  const newLedger = ledger.id
  await ledger.close()
  return { newLedger, revokedTokens: await settleStore(place, { who, now, report, newLedger }) }
}

/** A token that was used up since would work again. */
async function settleStore(
  place: string,
  { who, now, report, newLedger }: { who: string; now(): number; report: BackupReport; newLedger: string },
): Promise<number> {
  const store = await openStore({ file: join(place, 'console.db') })
  try {
    const at = new Date(now()).toISOString()
    const { numUpdatedRows } = await store
      .updateTable('token')
      .set({ revoked_at: at })
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', at)
      .executeTakeFirst()
    const { ledger, size, root, madeAt } = report
    await recordAlone(store, { who, at, act: 'restore', data: { ledger, size, root, madeAt, newLedger } })
    return Number(numUpdatedRows)
  } finally {
    await store.destroy()
  }
}

async function putInPlace(data: string, place: string): Promise<void> {
  for (const name of await readdir(place, { recursive: true, withFileTypes: true }))
    if (name.isFile()) await sync(join(name.parentPath, name.name))
  syncFolder(join(place, 'ledger'))
  for (const part of restoredParts) if (existsSync(join(place, part))) await rename(join(place, part), join(data, part))
  syncFolder(data)
  await rm(place, { recursive: true })
  syncFolder(data)
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
