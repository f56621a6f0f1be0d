import { Refusal } from '../error.ts'
import { parseManifest } from './bag.ts'
import { type Container, readContainer } from './container.ts'
import { firstNameBreak, tagFiles } from './layout.ts'
import { packageLimits } from './limits.ts'
import type { Report } from './report.ts'
import { type RandomAccess, readAt } from './source.ts'
import { endOfFile, type StoredFile } from './zip.ts'

/** A file of the bag as the container describes it. */
export interface BagFile {
  stored: StoredFile
  /** CRC in the directory at the end, where that could be read. */
  central: number | undefined
}

/** Files by their path inside the bag. */
export type Bag = ReadonlyMap<string, BagFile>

/** Finds the files of a package; undefined, and a problem reported, when they cannot be found. */
export async function openBag(report: Report, source: RandomAccess): Promise<Bag | undefined> {
  const container = await report.attempt('container', 'container', () =>
    readContainer(source, (files) => countStrangers(source, files)),
  )
  if (container === undefined) return undefined
  const root = checkNames(report, container)
  return new Map(
    container.files.map((stored, i) => [pathIn(root, stored.name), { stored, central: container.central[i] }]),
  )
}

/** The one folder all files are in. */
function checkNames(report: Report, { files }: Container): string {
  const names = files.map(({ name }) => name)
  const root = `${names[0]?.split('/')[0] ?? ''}/`
  const stray = names.find((name) => !name.startsWith(root))
  const wrong = firstNameBreak(names) ?? (stray === undefined ? undefined : `${stray}: not in the folder ${root}`)
  if (wrong !== undefined) report.problem('bag', pathIn(root, wrong))
  return root
}

function pathIn(root: string, name: string): string {
  return name.startsWith(root) ? name.slice(root.length) : name
}

/** How many of these names the manifest among them does not list, or stand a second time: a changed name is one of them. */
async function countStrangers(source: RandomAccess, files: readonly StoredFile[]): Promise<number> {
  const manifest = files.find(({ name }) => name.endsWith(`/${tagFiles.manifest}`))
  if (manifest === undefined || manifest.bytes > packageLimits.document) return files.length
  const root = manifest.name.slice(0, -tagFiles.manifest.length)
  const listed = tryPaths(await readAt(source, endOfFile(manifest) - manifest.bytes, manifest.bytes))
  const known = new Set<string>([...Object.values(tagFiles), ...listed])
  const names = new Set(files.map(({ name }) => pathIn(root, name)))
  return files.length - [...names].filter((name) => known.has(name)).length
}

function tryPaths(manifest: Uint8Array): string[] {
  try {
    return [...parseManifest(manifest, tagFiles.manifest).keys()]
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}
