import { refuse } from '../error.ts'
import { BackupEntry, readJson } from './shapes.ts'

/** An entry of the ledger as it stands in a backup: its payload as it is encrypted in the ledger. */
export interface SealedEntry extends BackupEntry {
  payload: Uint8Array
}

/** Whole parts of about this size are held in memory. */
export const partBytes = 4 * 1024 * 1024
/** One entry more may stand in a part. */
export const mostPartBytes = partBytes + 8 * 1024 * 1024

/** `u32 length | JSON | u32 length | payload`, big-endian. */
export function writeEntry({ payload, ...entry }: SealedEntry): Buffer {
  const json = Buffer.from(JSON.stringify(entry satisfies BackupEntry))
  const lengths = [json, payload].map(({ length }) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(length)
    return bytes
  })
  return Buffer.concat([lengths[0] as Buffer, json, lengths[1] as Buffer, payload])
}

/** Entries of a part. Throws `backup-malformed`. */
export function readEntries(part: Buffer, name: string): SealedEntry[] {
  const entries: SealedEntry[] = []
  let at = 0
  const next = () => {
    const end = at + 4 + (at + 4 <= part.length ? part.readUInt32BE(at) : 0)
    if (at + 4 > part.length || end > part.length)
      throw refuse('backup-malformed', `${name} in the backup ends inside an entry.`)
    const bytes = part.subarray(at + 4, end)
    at = end
    return bytes
  }
  while (at < part.length) {
    const entry = readJson(BackupEntry, next(), name)
    entries.push({ ...entry, payload: next() })
  }
  return entries
}
