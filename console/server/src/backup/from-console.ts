import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { emptyFrontier, frontierRoot, parseHead, type SignedHead, toHex } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import { openFolder } from '../keys/folder.ts'
import { fingerprintOf } from '../keys/key-pair.ts'
import { loadMaterial, materialNames } from '../keys/material.ts'
import { artifactFile, heldArtifacts } from '../ledger/artifacts.ts'
import { type EntryRow, newestSegment, type SegmentRow, segmentFile } from '../ledger/segment.ts'
import { partBytes, writeEntry } from './entries.ts'
import { keptTables, recoveryFiles } from './kept.ts'
import { type Row, writeRow } from './rows.ts'
import type { BackupEnd, BackupHeader, BackupSegment } from './shapes.ts'
import { type Member, memberOf } from './tar.ts'

/*
 * Reads what a backup holds from the folders themselves, in a process that is not the console's: its own SQLite library
 * may open the files there, and nothing here holds up an agent. A console may run meanwhile.
 */

export interface FromConsole {
  data: string
  keysDir: string
  nowMs: number
  /** Called often; throws when the backup was cancelled. */
  step(done: number, of: number): void
}

/** Everything that cannot be made again, at one cut of the ledger. The tables are those of a moment just before it. */
export async function* contentsOf(from: FromConsole): AsyncGenerator<Member> {
  const keys = openFolder(from.keysDir)
  const { ca } = loadMaterial(keys)
  const store = openTables(from.data)
  try {
    const tables = store.counts()
    const packages = packageFiles(from.data, store.packages())
    // Listed after the tables were fixed: what they call held is among them.
    const artifacts = heldArtifacts(join(from.data, 'ledger'))
    const cut = cutOf(join(from.data, 'ledger'))
    const header: BackupHeader = {
      tw: 'backup/1',
      madeAt: new Date(from.nowMs).toISOString(),
      software: 'tidewaiter 0.1.0',
      console: fingerprintOf(ca.publicKey),
      ...cut,
      migration: store.migration(),
      tables,
      packages: packages.length,
      artifacts: artifacts.length,
    }
    yield json('backup.json', header)
    for (const name of [...materialNames, ...recoveryFiles]) {
      const bytes = keys.read(name)
      if (bytes !== undefined) yield memberOf(`keys/${name}`, bytes)
    }
    yield* store.members()
    yield* ledgerMembers(from, cut.size)
    for (const file of packages) yield* fileMember(join(from.data, 'packages', file), `packages/${file}`)
    for (const sha256 of artifacts)
      yield* fileMember(artifactFile(join(from.data, 'ledger'), sha256), `artifacts/${sha256}`)
    const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
    const counts = { packages: packages.length, artifacts: artifacts.length }
    const end: BackupEnd = { tw: 'backup-end/1', entries: cut.size, rows, ...counts }
    yield json('end.json', end)
  } finally {
    store.close()
  }
}

function json(name: string, value: object): Member {
  return memberOf(name, Buffer.from(`${JSON.stringify(value)}\n`))
}

/** The tables of `console.db` at one moment: a transaction that only reads. Throws `console-missing`. */
function openTables(data: string) {
  const file = join(data, 'console.db')
  if (!existsSync(file))
    throw refuse(
      'console-missing',
      `There is no console.db in ${data}. What a console keeps in PostgreSQL is saved there, with pg_dump.`,
    )
  const db = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
  db.exec('BEGIN')
  return {
    migration: () => String(db.prepare('select max(name) as name from kysely_migration').get()?.name),
    counts: () =>
      Object.fromEntries(
        keptTables.map((table) => [table, Number(db.prepare(`select count(*) as n from "${table}"`).get()?.n)]),
      ),
    packages: () =>
      db
        .prepare("select id from package where state = 'built' order by id")
        .all()
        .map(({ id }) => String(id)),
    *members(): Generator<Member> {
      for (const table of keptTables) {
        let number = 0
        for (const part of partsOf(rowsIn(db, table)))
          yield memberOf(`store/${table}/${numbered(number++)}.ndjson`, part)
      }
    },
    close: () => db.close(),
  }
}

function* rowsIn(db: DatabaseSync, table: string): Generator<Buffer> {
  // What SQLite gives for columns of its own kinds.
  for (const row of db.prepare(`select * from "${table}"`).iterate()) yield Buffer.from(writeRow(row as Row))
}

function* partsOf(pieces: Iterable<Buffer>): Generator<Buffer> {
  let waiting: Buffer[] = []
  let bytes = 0
  for (const piece of pieces) {
    waiting.push(piece)
    bytes += piece.length
    if (bytes < partBytes) continue
    yield Buffer.concat(waiting)
    waiting = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(waiting)
}

function numbered(number: number): string {
  return String(number).padStart(8, '0')
}

/** The newest signed head, which says how much the backup holds. */
function cutOf(dir: string): Pick<BackupHeader, 'ledger' | 'size' | 'root' | 'head'> {
  let ledger: string | undefined
  for (let number = newestSegment(dir); number > 0; number--) {
    const found = withSegment(dir, number, (db, { ledger }) => {
      const [head] = db.prepare('select head, signature from head order by size desc limit 1').all()
      // The columns of `schema`.
      return { ledger, head: head as unknown as SignedHead | undefined }
    })
    ledger ??= found?.ledger
    if (found?.head === undefined) continue
    const { head, signature } = found.head
    const { size, root, ledger: own } = parseHead(found.head)
    return { ledger: own, size, root, head: { head, signature } }
  }
  if (ledger === undefined) throw refuse('console-missing', `There is no ledger in ${dir}.`)
  return { ledger, size: 0, root: toHex(frontierRoot(nodePrimitives, emptyFrontier)), head: null }
}

/** Undefined for a segment that a console is just making. */
function withSegment<Result>(
  dir: string,
  number: number,
  use: (db: DatabaseSync, segment: SegmentRow & { created_at: string }) => Result,
): Result | undefined {
  const db = new DatabaseSync(segmentFile(dir, number), { readOnly: true, timeout: 10_000 })
  try {
    const { made } = db.prepare("select count(*) as made from sqlite_schema where name = 'segment'").get() ?? {}
    const row = made === 1 ? db.prepare('select * from segment').get() : undefined
    // The columns of `schema`.
    return row === undefined ? undefined : use(db, row as unknown as SegmentRow & { created_at: string })
  } finally {
    db.close()
  }
}

async function* ledgerMembers({ data, step }: FromConsole, size: number): AsyncGenerator<Member> {
  const dir = join(data, 'ledger')
  const newest = newestSegment(dir)
  for (let number = 1, position = 0; number <= newest && position < size; number++) {
    const segment = withSegment(dir, number, (_db, { key, frontier, created_at, ...row }) => ({
      ...row,
      key: Buffer.from(key).toString('base64'),
      frontier: JSON.parse(frontier) as string[],
      createdAt: created_at,
    }))
    if (segment === undefined) break
    yield json(`ledger/${numbered(number)}/segment.json`, segment satisfies BackupSegment)
    for (let part = 0; ; part++) {
      // Opened for each part: a console can put its log away in between.
      const entries = withSegment(dir, number, (db) => entriesFrom(db, position, size)) ?? []
      if (entries.length === 0) break
      position += entries.length
      step(position, size)
      yield memberOf(`ledger/${numbered(number)}/${numbered(part)}.entries`, Buffer.concat(entries))
    }
  }
}

type SealedRow = Omit<EntryRow, 'host' | 'seq' | 'header_hash'> & {
  payload: Uint8Array
  head: string | null
  head_signature: string | null
}

function entriesFrom(db: DatabaseSync, position: number, size: number): Buffer[] {
  const rows = db.prepare(
    `select batch.position, branch, received_at, batch.signature, header, payload, head.head as head, head.signature as head_signature
     from batch left join head on head.size = batch.position + 1 where position >= ? and position < ? order by position`,
  )
  const entries: Buffer[] = []
  let bytes = 0
  for (const next of rows.iterate(position, size)) {
    const entry = writeEntry(toEntry(next as unknown as SealedRow))
    entries.push(entry)
    bytes += entry.length
    if (bytes >= partBytes) break
  }
  return entries
}

function toEntry({ position, received_at, branch, header, signature, payload, head, head_signature }: SealedRow) {
  return {
    position,
    receivedAtMs: received_at,
    branch: branch === '' ? null : branch,
    header: Buffer.from(header).toString('utf8'),
    signature: Buffer.from(signature).toString('base64'),
    ...(head !== null && head_signature !== null && { head: { head, signature: head_signature } }),
    payload,
  }
}

/** Files of finished packages: they never change. */
function packageFiles(data: string, ids: readonly string[]): string[] {
  return ids.flatMap((id) => [`${id}.json`, `${id}.zip`]).filter((name) => existsSync(join(data, 'packages', name)))
}

async function* fileMember(path: string, name: string): AsyncGenerator<Member> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    yield { name, size, pieces: file.createReadStream({ autoClose: false, end: size - 1 }) }
  } finally {
    await file.close()
  }
}
