import { equal, toUtf8 } from '../bytes.ts'
import { counted } from '../counted.ts'
import { Refusal } from '../error.ts'
import {
  bagDeclaration,
  type Manifest,
  oxumOf,
  packageFormat,
  packageFormatLabel,
  parseBagInfo,
  parseManifest,
} from './bag.ts'
import { filesOfHost, hostOf, isPayloadPath, payloadFiles, tagFiles } from './layout.ts'
import type { BagFile } from './open-bag.ts'
import type { Report } from './report.ts'

/** A file as it was read: what the container said of it, and what it is. */
export interface ReadFile extends BagFile {
  path: string
  crc32: number
  /** Hex. */
  sha256: string
}

/** The lists of the bag, as far as they can be believed. */
interface Lists {
  payload: Manifest | undefined
  tags: Manifest | undefined
}

const tagPaths = new Set<string>(Object.values(tagFiles))
const listedTags: readonly string[] = [tagFiles.info, tagFiles.declaration, tagFiles.manifest]

/**
 * Compares every file with the list it stands in. A list that is itself not what was signed or written says nothing
 * about others, so that the file that was changed is named and not those it speaks of.
 * @returns paths whose bytes are not the ones that were packed
 */
export async function checkFiles(
  report: Report,
  files: ReadonlyMap<string, ReadFile>,
  kept: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>()
  const judge = (path: string, list: Manifest | undefined) => {
    const file = files.get(path)
    if (file === undefined || !isChanged(file, list?.get(path))) return
    changed.add(path)
    report.problem('files', `${path}: its bytes are not the ones that were packed (its SHA-256 is ${file.sha256})`)
  }
  judge(tagFiles.tagManifest, undefined)
  const tags = changed.has(tagFiles.tagManifest) ? undefined : await readList(report, kept, tagFiles.tagManifest)
  for (const path of tagPaths) if (path !== tagFiles.tagManifest) judge(path, tags)
  const payload = changed.has(tagFiles.manifest) ? undefined : await readList(report, kept, tagFiles.manifest)
  for (const path of files.keys()) if (!tagPaths.has(path)) judge(path, payload)
  checkNames(report, files, { payload, tags })
  return changed
}

function isChanged({ stored, central, crc32, sha256 }: ReadFile, listed: string | undefined): boolean {
  return listed === undefined ? crc32 !== stored.crc32 && crc32 !== central : sha256 !== listed
}

function readList(report: Report, kept: ReadonlyMap<string, Uint8Array>, path: string): Promise<Manifest | undefined> {
  return report.attempt('bag', path, () => {
    const bytes = kept.get(path)
    if (bytes === undefined) throw new Refusal('package-malformed', 'missing')
    return parseManifest(bytes, path)
  })
}

function checkNames(report: Report, files: ReadonlyMap<string, ReadFile>, { payload, tags }: Lists): void {
  const hosts = new Set([...files.keys()].flatMap((path) => hostOf(path) ?? []))
  const required = [...Object.values(tagFiles), ...Object.values(payloadFiles), ...[...hosts].flatMap(filesOfHost)]
  for (const path of new Set<string>([...required, ...(payload?.keys() ?? [])]))
    if (!files.has(path)) report.problem('files', `${path}: missing`)
  for (const path of files.keys()) {
    if (tagPaths.has(path)) continue
    if (payload?.has(path) === false) report.problem('files', `${path}: not listed in ${tagFiles.manifest}`)
    else if (!isPayloadPath(path)) report.problem('bag', `${path}: not a file of ${packageFormat}`)
  }
  if (tags !== undefined && [...tags.keys()].join() !== listedTags.join())
    report.problem('bag', `${tagFiles.tagManifest}: does not list exactly ${listedTags.join(', ')}`)
  report.passed('files', `${counted(files.size, 'file')}, each with the SHA-256 it was packed with`)
  report.passed('bag', 'BagIt 1.0, nothing missing, nothing beside it')
}

/** Checks what the bag says of itself and returns its labels. */
export async function checkBag(
  report: Report,
  files: ReadonlyMap<string, ReadFile>,
  kept: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const text = kept.get(tagFiles.declaration)
  if (text !== undefined && !equal(text, toUtf8(bagDeclaration)))
    report.problem('bag', `${tagFiles.declaration}: not the declaration of BagIt 1.0 in UTF-8`)
  const bytes = kept.get(tagFiles.info)
  const info = bytes && (await report.attempt('bag', tagFiles.info, () => parseBagInfo(bytes, tagFiles.info)))
  if (info === undefined) return undefined
  if (info.get(packageFormatLabel) !== packageFormat)
    report.problem(
      'bag',
      `${tagFiles.info}: ${packageFormatLabel} is not ${packageFormat}, the one this verifier knows`,
    )
  const sizes = [...files.values()].filter(({ path }) => !tagPaths.has(path)).map(({ stored }) => stored.bytes)
  if (info.get('Payload-Oxum') !== oxumOf(sizes))
    report.problem('bag', `${tagFiles.info}: Payload-Oxum is not ${oxumOf(sizes)}, what the payload has`)
  return info
}

/** The CRC a file's headers must carry: that of its bytes, unless these were changed after they were packed. */
export function crcThatBelongs({ stored, central, crc32 }: ReadFile, isFileChanged: boolean): number {
  if (!isFileChanged || crc32 === stored.crc32 || crc32 === central) return crc32
  return stored.crc32
}
