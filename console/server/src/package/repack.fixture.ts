import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  directoryOf,
  endOfFile,
  formatManifest,
  localHeader,
  oxumOf,
  type StoredFile,
  tagFiles,
  type VerifyOptions,
  type VerifyReport,
  verifyPackage,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { type Keys, openKeys } from '../keys/keys.ts'
import { openStore } from '../store/store.ts'
import { signatureFiles } from './sign.ts'

/** Takes packages apart and puts them together again, as someone would who wants to change one unseen. */

/** Where a file lies in a container. */
export interface Part extends StoredFile {
  path: string
  dataAt: number
  end: number
}

/** The files of a container that is known to be whole. */
export function partsOf(container: Buffer): Part[] {
  const parts: Part[] = []
  for (let at = 0; container.readUInt32LE(at) === 0x04034b50; ) {
    const nameLength = container.readUInt16LE(at + 26)
    const name = container.toString('latin1', at + 30, at + 30 + nameLength)
    const stored = { name, bytes: container.readUInt32LE(at + 18), crc32: container.readUInt32LE(at + 14), at }
    const end = endOfFile(stored)
    parts.push({ ...stored, path: name.slice(name.indexOf('/') + 1), dataAt: end - stored.bytes, end })
    at = end
  }
  return parts
}

export type Files = Map<string, Buffer>

export function filesOf(container: Buffer): Files {
  return new Map(
    partsOf(container).map(({ path, dataAt, end }) => [path, Buffer.from(container.subarray(dataAt, end))]),
  )
}

/** A container of these files, in their order or in that of their names. */
export function pack(files: Files, { root = 'INC-1_soc_v1', sorted = true } = {}): Buffer {
  const names = [...files.keys()]
  const pieces: Uint8Array[] = []
  const stored: StoredFile[] = []
  let at = 0
  for (const path of sorted ? names.sort((a, b) => (a < b ? -1 : 1)) : names) {
    const data = files.get(path) ?? Buffer.alloc(0)
    const file = { name: `${root}/${path}`, bytes: data.length, crc32: crc32(data), at }
    pieces.push(localHeader(file), data)
    stored.push(file)
    at = endOfFile(file)
  }
  return Buffer.concat([...pieces, ...directoryOf(stored)])
}

/** The same files with manifests and Payload-Oxum made anew: all that can be done without a key. */
export function relist(files: Files): Files {
  const payload = [...files].filter(([path]) => path.startsWith('data/')).sort(([a], [b]) => (a < b ? -1 : 1))
  const listed: Files = new Map(files)
  const info = text(files, tagFiles.info).replace(
    /^Payload-Oxum: .*$/m,
    `Payload-Oxum: ${oxumOf(payload.map(([, data]) => data.length))}`,
  )
  listed.set(tagFiles.info, Buffer.from(info))
  listed.set(tagFiles.manifest, manifestOf(payload))
  const tags = [tagFiles.info, tagFiles.declaration, tagFiles.manifest]
  return listed.set(tagFiles.tagManifest, manifestOf(tags.map((path) => [path, listed.get(path) ?? Buffer.alloc(0)])))
}

function manifestOf(files: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.from(formatManifest(new Map(files.map(([path, data]) => [path, hash('sha256', data)]))))
}

export function text(files: Files, path: string): string {
  return files.get(path)?.toString() ?? ''
}

/** Another console's keys: somebody else's, for whoever compares fingerprints. */
export async function foreignKeys(): Promise<{ keys: Keys; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewaiter-foreign-'))
  return { keys: await openKeys(folder), remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Lists made anew and signed with these keys: everything that somebody with a key of his own can do. */
export async function resign(files: Files, keys: Keys): Promise<Files> {
  const listed = relist(files)
  const store = await openStore({ file: ':memory:' })
  const tagManifest = listed.get(tagFiles.tagManifest) ?? Buffer.alloc(0)
  const at = new Date().toISOString()
  const signed = await signatureFiles(tagManifest, { store, signer: keys.packageSigner(), at })
  await store.destroy()
  for (const { path, data } of signed ?? []) listed.set(path, Buffer.from(data))
  return listed
}

export function verify(container: Uint8Array, options: VerifyOptions = {}): Promise<VerifyReport> {
  const read = async (at: number, length: number) => container.subarray(at, at + length)
  return verifyPackage(nodePrimitives, { size: container.length, read }, options)
}

/** What is wrong, as `check: detail`; empty for an intact package. */
export async function problemsOf(container: Uint8Array, options: VerifyOptions = {}): Promise<string[]> {
  const { ok, checks } = await verify(container, options)
  const problems = checks.filter((check) => !check.ok).map(({ name, detail }) => `${name}: ${detail}`)
  if (ok !== (problems.length === 0)) throw new Error('a report must be ok exactly when no check found a problem')
  return problems
}
