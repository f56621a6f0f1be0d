import { toHex } from '../bytes.ts'
import type { ReadFile } from './check-files.ts'
import { openContent, wholeOf } from './content.ts'
import { payloadFiles, tagFiles } from './layout.ts'
import { packageLimits } from './limits.ts'
import type { Bag } from './open-bag.ts'
import { inReadingOrder, readEvidence } from './read-evidence.ts'
import type { RandomAccess } from './source.ts'
import type { Evidence } from './state.ts'
import { endOfFile } from './zip.ts'

/** Everything that is read, once: digests of all files, and the few that are looked at again whole. */
export interface ReadBag {
  files: ReadonlyMap<string, ReadFile>
  kept: ReadonlyMap<string, Uint8Array>
}

/** Files that are kept whole, and up to which size. */
const keptWhole = new Map<string, number>([
  ...Object.values(tagFiles).map((path) => [path, packageLimits.card] as const),
  [tagFiles.manifest, packageLimits.document],
  [payloadFiles.summary, packageLimits.document],
])

/** Reads every file once: keys before what they signed, records before the headers that must carry them. */
export async function readFiles(
  evidence: Evidence,
  { source, bag }: { source: RandomAccess; bag: Bag },
  onRead: (bytes: number) => void,
): Promise<ReadBag> {
  const files = new Map<string, ReadFile>()
  const kept = new Map<string, Uint8Array>()
  for (const path of inReadingOrder([...bag.keys()])) {
    const file = bag.get(path)
    if (file === undefined) continue
    const { stored } = file
    const place = { at: endOfFile(stored) - stored.bytes, bytes: stored.bytes }
    const content = openContent(evidence.p, source, place, onRead)
    const limit = keptWhole.get(path)
    if (limit === undefined) await readEvidence(evidence, path, content)
    else {
      const bytes = await evidence.report.attempt('files', path, () => wholeOf(content, limit))
      if (bytes !== undefined) kept.set(path, bytes)
    }
    const { crc32, sha256 } = await content.digests()
    files.set(path, { path, ...file, crc32, sha256: toHex(sha256) })
  }
  return { files, kept }
}
