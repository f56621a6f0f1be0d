import { basename } from 'node:path'
import type { Wanted } from '../../follow/follow.ts'
import { standingOf } from '../../follow/standing.ts'
import type { Host } from '../../host.ts'
import type { From, Taken } from '../collector.ts'
import { fullMs, handOver, type Row } from '../pass.ts'

/** Size of `struct utmp` of glibc: 384 bytes on every architecture with the 32-bit times of utmp(5). */
export const recordBytes = 384
/** Of a record of `utmpx` of macOS (utmpx.h of Libc, `struct utmpx32`); the first one says that the file is one. */
const macosRecordBytes = 628

const limit = 16 * 1024 * 1024
const passMs = 10_000

/** Snapshots of files that are rewritten in place, a place for each terminal. Gives a pass when one is due. */
export function newUtmpPasses(files: readonly Wanted[], host: Host, from: From): () => AsyncGenerator<Taken> {
  let passedAtMs = Number.NEGATIVE_INFINITY
  let fullAtMs = Number.NEGATIVE_INFINITY
  return async function* passes() {
    const nowMs = host.steady()
    if (nowMs - passedAtMs < passMs) return
    const isFull = nowMs - fullAtMs >= fullMs
    passedAtMs = nowMs
    if (isFull) fullAtMs = nowMs
    for (const { source, path } of files) {
      const readAt = host.now()
      const bytes = await host.read(path, limit)
      if (typeof bytes === 'string') yield standingOf(source, bytes)
      else {
        const tables = [
          { method: path, rows: parseUtmp(bytes, basename(path) === 'utmpx' ? macosRecordBytes : recordBytes) },
        ]
        yield* handOver(source, tables, { from: { ...from, takeFull: () => isFull }, readAt, lf: false })
      }
    }
  }
}

/** Records by their place. One that is being written now is whole at the next pass. */
export function parseUtmp(bytes: Buffer, length = recordBytes): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (let at = 0; at + length <= bytes.length; at += length) {
    const record = bytes.subarray(at, at + length)
    rows.set(`${at}`, { record, mark: record.toString('latin1') })
  }
  return rows
}
