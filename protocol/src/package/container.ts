import { equal } from '../bytes.ts'
import { Refusal } from '../error.ts'
import { firstDifference, type Reading, readDirectory, readHeaders } from './container-reading.ts'
import { type RandomAccess, readAt } from './source.ts'
import { directoryOf, endOfFile, localHeader, localHeaderBytes, type StoredFile } from './zip.ts'

/**
 * The files of a container. It describes them twice, before each file and in the directory at the end; where one of the
 * two does not add up the other one is taken, so that the very byte that differs can be named.
 */
export interface Container {
  /** `crc32` is that of the local header. */
  files: StoredFile[]
  /** The CRC of each file in the directory, where that could be read. */
  central: readonly number[]
}

/** How many names in a list nobody knows, or stand twice: chooses between two descriptions that are whole and differ in names. */
export type CountStrangers = (files: readonly StoredFile[]) => Promise<number>

/** Throws `package-malformed` naming the byte, `package-too-large`. */
export async function readContainer(source: RandomAccess, countStrangers: CountStrangers): Promise<Container> {
  const headers = await readHeaders(source)
  const directory = await readDirectory(source)
  if (!headers.isWhole && !directory.isWhole)
    throw new Refusal('package-malformed', `container@${headers.stop}: ${headers.why}`)
  const isSame = headers.files.length === directory.files.length
  const central = isSame || !headers.isWhole ? directory.files.map((file) => file.crc32) : []
  return (await isDirectoryBetter(headers, directory, countStrangers))
    ? { files: await withLocalCrcs(source, directory.files), central }
    : { files: headers.files, central }
}

async function isDirectoryBetter(
  headers: Reading,
  directory: Reading,
  countStrangers: CountStrangers,
): Promise<boolean> {
  if (!headers.isWhole || !directory.isWhole) return directory.isWhole
  const hasSameNames = headers.files.every(({ name }, i) => name === directory.files[i]?.name)
  return !hasSameNames && (await countStrangers(directory.files)) < (await countStrangers(headers.files))
}

async function withLocalCrcs(source: RandomAccess, files: readonly StoredFile[]): Promise<StoredFile[]> {
  const own: StoredFile[] = []
  for (const file of files) {
    const header = await readAt(source, file.at, localHeaderBytes)
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    own.push({ ...file, crc32: header.length < localHeaderBytes ? file.crc32 : view.getUint32(14, true) })
  }
  return own
}

/**
 * Offsets of bytes that are not those of the one container these files can have: the first in each local header, and the
 * first behind the last file.
 */
export async function findDifferences(
  source: RandomAccess,
  files: readonly StoredFile[],
): Promise<{ offset: number; where: string }[]> {
  const found: { offset: number; where: string }[] = []
  for (const file of files) {
    const header = localHeader(file)
    const actual = await readAt(source, file.at, header.length)
    if (!equal(actual, header))
      found.push({
        offset: file.at + header.findIndex((byte, i) => byte !== actual[i]),
        where: `in the header of ${file.name}`,
      })
  }
  const last = files.at(-1)
  const offset = await firstDifference(source, last === undefined ? 0 : endOfFile(last), directoryOf(files))
  if (offset !== undefined) found.push({ offset, where: 'in the directory at the end' })
  return found
}
