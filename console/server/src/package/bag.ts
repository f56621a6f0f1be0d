import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { type BagFolder, openBagFolder, readBagFile } from './bag-folder.ts'
import {
  type Declaration,
  type Judgement,
  type Listed,
  readDeclaration,
  readFetch,
  readInfo,
  readList,
} from './bag-text.ts'

/** What is wrong with a bag, and what is only unusual. Each begins with the file it is about. */
export interface BagReport {
  valid: boolean
  warnings: string[]
  errors: string[]
}

const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const

/** Remarks that are given one by one; the rest is counted. */
const mostRemarks = 1000

/**
 * Judges a bag of any origin: BagIt 0.93 to 1.0 (RFC 8493) in a folder. Nothing is fetched, and no link is followed.
 * Throws `file-unreadable` when there is no such folder.
 */
export async function verifyBag(dir: string): Promise<BagReport> {
  const judgement: Judgement = { warnings: [], errors: [] }
  const declaration = readDeclaration(await readBagFile(dir, 'bagit.txt', judgement), judgement)
  if (declaration !== undefined) await judge({ folder: await openBagFolder(dir, judgement), declaration, judgement })
  const { warnings, errors } = judgement
  return { valid: errors.length === 0, warnings: shortened(warnings), errors: shortened(errors) }
}

function shortened(remarks: readonly string[]): string[] {
  const more = remarks.length - mostRemarks
  return more > 0 ? [...remarks.slice(0, mostRemarks), `and ${more} more`] : [...remarks]
}

interface Judging {
  folder: BagFolder
  declaration: Declaration
  judgement: Judgement
}

async function judge(judging: Judging): Promise<void> {
  const { folder, judgement } = judging
  if (!folder.hasPayload) judgement.errors.push('data: there is no payload folder')
  const manifests = await readManifests(judging, 'manifest')
  if (manifests.length === 0) judgement.errors.push('manifest-<algorithm>.txt: there is none that can be checked')
  const listed = await checkManifests(judging, manifests)
  for (const tagManifest of await readManifests(judging, 'tagmanifest')) await checkList(judging, tagManifest)
  await checkFetch(judging, listed)
  await checkInfo(judging)
}

interface Manifest {
  name: string
  algorithm: string
  files: Map<string, Listed>
}

async function readManifests(
  { folder, declaration, judgement }: Judging,
  kind: 'manifest' | 'tagmanifest',
): Promise<Manifest[]> {
  const found: Manifest[] = []
  for (const name of folder.tagFiles.filter((file) => file.startsWith(`${kind}-`) && file.endsWith('.txt'))) {
    const algorithm = name.slice(kind.length + 1, -'.txt'.length).toLowerCase()
    const bytes = await folder.read(name)
    if (!algorithms.some((known) => known === algorithm))
      judgement.warnings.push(`${name}: ${algorithm} is not known here`)
    else if (bytes !== undefined)
      found.push({ name, algorithm, files: readList({ bytes, name, kind }, declaration, judgement) })
  }
  return found
}

/** Every file of the payload must be listed: in each manifest since 1.0, in one of them before. */
async function checkManifests(judging: Judging, manifests: readonly Manifest[]): Promise<ReadonlySet<string>> {
  const { folder, declaration, judgement } = judging
  for (const manifest of manifests) await checkList(judging, manifest)
  const listed = new Set(manifests.flatMap(({ files }) => [...files.keys()]))
  for (const path of folder.payload) {
    if (!listed.has(path.normalize())) judgement.errors.push(`${path}: is in no manifest`)
    else if (declaration.isFirst)
      for (const { name, files } of manifests)
        if (!files.has(path.normalize())) judgement.errors.push(`${name}: does not list ${path}`)
  }
  return listed
}

async function checkList({ folder, judgement }: Judging, { name, algorithm, files }: Manifest): Promise<void> {
  for (const [key, { path, hash }] of files) {
    const found = folder.find(key)
    if (found === undefined) judgement.errors.push(`${path}: listed in ${name}, and missing`)
    else if ((await hashOf(join(folder.path, found), algorithm)) !== hash)
      judgement.errors.push(`${path}: its ${algorithm} is not the one in ${name}`)
  }
}

async function hashOf(file: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm)
  for await (const piece of createReadStream(file)) hash.update(piece)
  return hash.digest('hex')
}

/** Files to be fetched must be listed and lie in the payload; nothing is fetched, so each must be there already. */
async function checkFetch({ folder, declaration, judgement }: Judging, listed: ReadonlySet<string>): Promise<void> {
  const bytes = await folder.read('fetch.txt')
  if (bytes === undefined) return
  for (const path of readFetch(bytes, declaration, judgement))
    if (!listed.has(path.normalize())) judgement.errors.push(`fetch.txt: ${path} is in no manifest`)
}

async function checkInfo({ folder, declaration, judgement }: Judging): Promise<void> {
  const name = ['bag-info.txt', 'package-info.txt'].find((file) => folder.tagFiles.includes(file))
  const bytes = name === undefined ? undefined : await folder.read(name)
  if (name === undefined || bytes === undefined) return
  const oxums = readInfo({ bytes, name }, declaration, judgement)
    .filter(([label]) => label.toLowerCase() === 'payload-oxum')
    .map(([, value]) => value)
  const { bytes: octets, count } = await folder.size()
  for (const oxum of oxums)
    if (oxum !== `${octets}.${count}`)
      judgement.errors.push(`${name}: Payload-Oxum is ${oxum}, the payload has ${octets}.${count}`)
}
