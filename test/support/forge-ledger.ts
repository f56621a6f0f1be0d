import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  append,
  entryOf,
  type Frontier,
  fromHex,
  frontierRoot,
  parseHead,
  signHead,
  writeUint64,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'

/*
 * What somebody can do who has all keys of a console and its data folder: leave an entry out of the newest segment, move
 * all behind it, encrypt their payloads for their new places, and sign every head again. Nothing in the ledger itself
 * contradicts it then.
 */

interface Row {
  position: number
  host: string
  branch: string
  seq: number
  received_at: number
  header_hash: string
  leaf: Uint8Array
  signature: Uint8Array
  header: Uint8Array
  payload: Uint8Array
}

/** @param pick chooses the entry that is left out. Returns its position. */
export function leaveOut(data: string, keys: string, pick: (rows: readonly Row[]) => number): number {
  const folder = join(data, 'ledger')
  const file = readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .sort()
    .at(-1)
  const db = new DatabaseSync(join(folder, file ?? ''))
  try {
    return rewrite(db, keys, pick)
  } finally {
    db.close()
  }
}

function rewrite(db: DatabaseSync, keys: string, pick: (rows: readonly Row[]) => number): number {
  // The columns of the ledger's own schema, here and below.
  const rows = db.prepare('select * from batch order by position').all() as unknown as Row[]
  const segment = db.prepare('select * from segment').get() as unknown as Segment
  const out = pick(rows)
  const kept = rows.filter(({ position }) => position !== out)
  const key = segmentKey(segment, keys)
  const ledgerKey = createPrivateKey(readFileSync(join(keys, 'ledger.pem')))
  const times = new Map(
    db
      .prepare('select size, head from head')
      .all()
      .map(({ size, head }) => [Number(size), String(head)]),
  )
  db.exec('begin; delete from batch; delete from head')
  const insert = db.prepare('insert into batch values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  let frontier: Frontier = {
    size: segment.first,
    roots: (JSON.parse(segment.frontier) as string[]).map((hex) => fromHex(hex) as Uint8Array),
  }
  for (const row of kept) {
    const position = frontier.size
    const place = { position, receivedAtMs: row.received_at, headerHash: row.header_hash, signature: row.signature }
    const leaf = entryOf(nodePrimitives, place)
    const payload = reseal(key, row, { ledger: segment.ledger, position })
    insert.run(
      position,
      row.host,
      row.branch,
      row.seq,
      row.received_at,
      row.header_hash,
      leaf,
      row.signature,
      row.header,
      payload,
    )
    frontier = append(nodePrimitives, frontier, leaf)
    const before = times.get(frontier.size)
    if (before !== undefined || row === kept.at(-1)) signAgain(db, frontier, { segment, ledgerKey, before })
  }
  db.exec('commit')
  return out
}

interface Segment {
  number: number
  ledger: string
  first: number
  frontier: string
  key: Uint8Array
}

function signAgain(
  db: DatabaseSync,
  frontier: Frontier,
  { segment, ledgerKey, before }: { segment: Segment; ledgerKey: KeyObject; before: string | undefined },
): void {
  const time = before === undefined ? new Date().toISOString() : parseHead({ head: before }).time
  const root = frontierRoot(nodePrimitives, frontier)
  const { head, signature } = signHead({ ledger: segment.ledger, size: frontier.size, root, time }, (bytes) =>
    sign('sha256', bytes, { key: ledgerKey, dsaEncoding: 'der' }),
  )
  db.prepare('insert into head values (?, ?, ?)').run(frontier.size, head, signature)
}

function segmentKey({ key, ledger, number }: Segment, keys: string): Uint8Array {
  const master = fromHex(readFileSync(join(keys, 'master.key'), 'utf8').trim()) as Uint8Array
  const wrapping = new Uint8Array(hkdfSync('sha256', master, '', 'tidewaiter segment keys', 32))
  return open(wrapping, key, Buffer.from(`tidewaiter segment ${ledger} ${number}`))
}

function reseal(key: Uint8Array, row: Row, { ledger, position }: { ledger: string; position: number }): Uint8Array {
  const binding = (at: number) => {
    const bytes = Buffer.alloc(56)
    bytes.write(ledger, 0, 'hex')
    writeUint64(bytes, 16, at)
    bytes.write(row.header_hash, 24, 'hex')
    return bytes
  }
  const plain = open(key, row.payload, binding(row.position))
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(binding(position))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function open(key: Uint8Array, sealed: Uint8Array, bound: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(bound).setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
}
