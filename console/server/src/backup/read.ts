import { refuse } from '../error.ts'
import { fingerprintOf } from '../keys/key-pair.ts'
import { type Loaded, loadMaterial, materialNames } from '../keys/material.ts'
import { type CheckedEntry, checkLedger, type LedgerCheck } from './checking.ts'
import { mostPartBytes, readEntries } from './entries.ts'
import { type Opener, opened } from './envelope.ts'
import { keptTables, recoveryFiles } from './kept.ts'
import { type Row, readRows } from './rows.ts'
import { BackupEnd, BackupHeader, BackupSegment, readJson } from './shapes.ts'
import { type Member, membersOf, wholeOf } from './tar.ts'

/** What becomes of a backup as it is read: each part is handed over once it was checked. */
export interface Taking {
  begin?(header: BackupHeader): Promise<void>
  keys?(files: ReadonlyMap<string, Buffer>): Promise<void>
  rows?(table: string, rows: Row[]): Promise<void>
  segment?(segment: BackupSegment): Promise<void>
  entries?(entries: CheckedEntry[]): Promise<void>
  file?(name: string, pieces: AsyncIterable<Uint8Array>): Promise<void>
  artifact?(sha256: string, pieces: AsyncIterable<Uint8Array>): Promise<void>
  /** Called often; throws when it was cancelled. */
  step?(done: number, of: number): void
}

/** What a backup holds. */
export interface BackupReport extends BackupHeader {
  files: string[]
  /** Positions of entries whose payload did not open: it did not in the ledger either. */
  unreadable: number[]
}

const mostKeyBytes = 1024 * 1024

interface Reading {
  taking: Taking
  header: BackupHeader
  keyFiles: Map<string, Buffer>
  check: LedgerCheck | undefined
  rows: Map<string, number>
  entries: number
  files: string[]
  artifacts: Set<string>
  end: BackupEnd | undefined
}

/**
 * Reads a backup from its first byte to its last: opens it, checks that every entry is in its place under the signed
 * head and that every payload is the one its host signed.
 * @throws `backup-malformed`, `backup-damaged`, `backup-sealed`, and what `taking` throws
 */
export async function readBackup(
  file: AsyncIterable<Uint8Array>,
  opener: Opener,
  taking: Taking = {},
): Promise<BackupReport> {
  let reading: Reading | undefined
  for await (const member of membersOf(opened(file, opener))) {
    if (reading === undefined) reading = await begin(member, taking)
    else if (reading.end === undefined) await take(reading, member)
    else throw unknown(member.name)
  }
  if (reading?.end === undefined) throw refuse('backup-damaged', 'The backup does not end as one does.')
  return { ...reading.header, files: reading.files, unreadable: reading.check?.unreadable ?? [] }
}

async function begin(member: Member, taking: Taking): Promise<Reading> {
  if (member.name !== 'backup.json') throw unknown(member.name)
  const header = readJson(BackupHeader, await wholeOf(member, mostKeyBytes), member.name)
  if (Object.keys(header.tables).some((table) => !keptTables.some((known) => known === table)))
    throw refuse('backup-malformed', 'The backup holds a table that this version does not know.')
  await taking.begin?.(header)
  const nothing = { keyFiles: new Map(), check: undefined, rows: new Map(), entries: 0, files: [], end: undefined }
  const artifacts = new Set<string>()
  return { taking, header, ...nothing, artifacts }
}

const entriesName = /^ledger\/(\d{8})\/\d{8}\.entries$/
const segmentName = /^ledger\/\d{8}\/segment\.json$/
const rowsName = /^store\/([a-z_]+)\/\d{8}\.ndjson$/
const packageName = /^packages\/([0-9a-f]{8}-[0-9a-f-]{27}\.(?:zip|json))$/
const artifactName = /^artifacts\/([0-9a-f]{64})$/
const keyNames: readonly string[] = [...materialNames, ...recoveryFiles].map((name) => `keys/${name}`)

async function take(reading: Reading, member: Member): Promise<void> {
  const { name } = member
  if (keyNames.includes(name) && reading.check === undefined) {
    reading.keyFiles.set(name.slice('keys/'.length), await wholeOf(member, mostKeyBytes))
    return
  }
  const check = reading.check ?? (await takeKeys(reading))
  const table = rowsName.exec(name)?.[1]
  const file = packageName.exec(name)?.[1]
  const artifact = artifactName.exec(name)?.[1]
  if (table !== undefined) await takeRows(reading, member, table)
  else if (segmentName.test(name)) {
    const segment = readJson(BackupSegment, await wholeOf(member, mostKeyBytes), name)
    check.segment(segment)
    await reading.taking.segment?.(segment)
  } else if (entriesName.test(name)) await takeEntries(reading, member, check)
  else if (file !== undefined) await takeFile(reading, member, file)
  else if (artifact !== undefined) await takeArtifact(reading, member, artifact)
  else if (name === 'end.json') reading.end = await takeEnd(reading, member, check)
  else throw unknown(name)
}

/** All keys come before what they open. */
async function takeKeys(reading: Reading): Promise<LedgerCheck> {
  const keys = readKeys(reading.keyFiles)
  if (fingerprintOf(keys.ca.publicKey) !== reading.header.console)
    throw refuse('backup-damaged', 'The keys in the backup are not those of the console it is said to be of.')
  reading.check = checkLedger(keys)
  await reading.taking.keys?.(reading.keyFiles)
  return reading.check
}

function readKeys(files: ReadonlyMap<string, Buffer>): Loaded {
  try {
    return loadMaterial({ path: 'in the backup', read: (name) => files.get(name) })
  } catch (cause) {
    throw refuse('backup-damaged', 'The keys in the backup are incomplete or cannot be read.', { cause })
  }
}

async function takeRows({ rows, header, taking }: Reading, member: Member, table: string): Promise<void> {
  if (header.tables[table] === undefined) throw unknown(member.name)
  const read = readRows(await wholeOf(member, mostPartBytes), member.name)
  rows.set(table, (rows.get(table) ?? 0) + read.length)
  await taking.rows?.(table, read)
}

async function takeEntries(reading: Reading, member: Member, check: LedgerCheck): Promise<void> {
  const { taking, header } = reading
  const entries = readEntries(await wholeOf(member, mostPartBytes), member.name).map((entry) => check.entry(entry))
  reading.entries += entries.length
  await taking.entries?.(entries)
  taking.step?.(reading.entries, header.size)
}

async function takeFile({ files, taking }: Reading, { pieces }: Member, name: string): Promise<void> {
  if (files.includes(name)) throw unknown(name)
  files.push(name)
  // Where nobody takes it, it is passed over: that it opens is checked all the same.
  await taking.file?.(name, pieces)
}

async function takeArtifact({ artifacts, taking }: Reading, { name, pieces }: Member, sha256: string): Promise<void> {
  if (artifacts.has(sha256)) throw unknown(name)
  artifacts.add(sha256)
  await taking.artifact?.(sha256, pieces)
}

async function takeEnd({ header, rows, entries, files, artifacts }: Reading, member: Member, check: LedgerCheck) {
  const end = readJson(BackupEnd, await wholeOf(member, mostKeyBytes), member.name)
  check.end(header)
  const short = Object.entries(header.tables).find(([table, count]) => (rows.get(table) ?? 0) !== count)
  if (short !== undefined) throw refuse('backup-damaged', `The table ${short[0]} in the backup is not whole.`)
  if (end.entries !== entries || end.packages !== files.length || header.packages !== files.length)
    throw refuse('backup-damaged', 'The backup does not hold as much as it says.')
  if ((end.artifacts ?? 0) !== artifacts.size || (header.artifacts ?? 0) !== artifacts.size)
    throw refuse('backup-damaged', 'The backup does not hold as many artifacts as it says.')
  return end
}

function unknown(name: string) {
  return refuse('backup-malformed', `${name} has no place in a backup, or not there.`)
}
