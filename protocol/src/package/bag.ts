import { fromUtf8 } from '../bytes.ts'
import { Refusal } from '../error.ts'

/** BagIt (RFC 8493), 2.1.1: the whole of `bagit.txt`. */
export const bagDeclaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** Version of this packageFormat, in `bag-info.txt` under this label. */
export const packageFormatLabel = 'Tidewaiter-Package'
export const packageFormat = 'package/1'

/** Path -> SHA-256 in hex. */
export type Manifest = ReadonlyMap<string, string>

/** Lines as `sha256sum -c` reads them, in the order of the map. */
export function formatManifest(files: Manifest): string {
  let text = ''
  for (const [path, hash] of files) text += `${hash}  ${path}\n`
  return text
}

/** Throws `package-malformed` for anything that `formatManifest` does not write; paths ascend. */
export function parseManifest(bytes: Uint8Array, name: string): Manifest {
  const files = new Map<string, string>()
  let before = ''
  for (const [i, line] of linesIn(bytes, name).entries()) {
    const [, hash, path] = /^([0-9a-f]{64}) {2}([!-~]+)$/.exec(line) ?? []
    if (hash === undefined || path === undefined || path <= before)
      throw new Refusal('package-malformed', `${name}: line ${i + 1} is not of the form of a manifest, or out of order`)
    files.set(path, hash)
    before = path
  }
  return files
}

/** Labels of `bag-info.txt` in their order. A value is one line. */
export type BagInfo = readonly (readonly [label: string, value: string])[]

export function formatBagInfo(info: BagInfo): string {
  return info.map(([label, value]) => `${label}: ${value}\n`).join('')
}

/** Throws `package-malformed`, also for a label that stands twice. */
export function parseBagInfo(bytes: Uint8Array, name: string): ReadonlyMap<string, string> {
  const info = new Map<string, string>()
  for (const [i, line] of linesIn(bytes, name).entries()) {
    const [, label, value] = /^([A-Za-z0-9-]+): (.*)$/u.exec(line) ?? []
    if (label === undefined || value === undefined || info.has(label))
      throw new Refusal('package-malformed', `${name}: line ${i + 1} is not "Label: value", or its label stands twice`)
    info.set(label, value)
  }
  return info
}

/** Bytes and number of the payload files, as `Payload-Oxum` has it (RFC 8493, 2.2.2). */
export function oxumOf(sizes: readonly number[]): string {
  return `${sizes.reduce((sum, size) => sum + size, 0)}.${sizes.length}`
}

function linesIn(bytes: Uint8Array, name: string): string[] {
  const text = tryText(bytes)
  if (text === undefined || !text.endsWith('\n') || text.includes('\r'))
    throw new Refusal('package-malformed', `${name}: not UTF-8 text in lines that end with LF`)
  return text.slice(0, -1).split('\n')
}

function tryText(bytes: Uint8Array): string | undefined {
  try {
    return fromUtf8(bytes)
  } catch {
    return undefined
  }
}
