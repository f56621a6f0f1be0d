import {
  bagDeclaration,
  concat,
  crc32,
  directoryOf,
  endOfFile,
  formatBagInfo,
  formatManifest,
  localHeader,
  oxumOf,
  type StoredFile,
  tagFiles,
  toHex,
  toPem,
  toUtf8,
} from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import { packageKey, type TestKey } from './keys.ts'
import { type Certificate, certificateOf, cmsOf } from './signer.ts'

export type Files = ReadonlyMap<string, Uint8Array>

interface Signing {
  signer?: TestKey
  certificate?: Certificate
  /** Changes the tag files before they are listed and signed. */
  change?: (tags: Map<string, Uint8Array>) => void
}

/** A payload with its tag files, listed and signed. */
export function bagOf(payload: Files, { signer = packageKey, certificate, change }: Signing = {}): Files {
  const info = formatBagInfo([
    ['Source-Organization', 'Halyard Customs Brokers, Inc.'],
    ['Payload-Oxum', oxumOf([...payload.values()].map(({ length }) => length))],
    ['Tidewaiter-Package', 'package/1'],
  ])
  const tags = new Map([
    [tagFiles.info, toUtf8(info)],
    [tagFiles.declaration, toUtf8(bagDeclaration)],
    [tagFiles.manifest, manifestOf(payload)],
  ] as [string, Uint8Array][])
  change?.(tags)
  const tagManifest = manifestOf(tags)
  const own = certificate ?? certificateOf(signer)
  return new Map([
    ...payload,
    ...tags,
    [tagFiles.tagManifest, tagManifest],
    [tagFiles.signature, signer.sign(tagManifest)],
    [tagFiles.cms, cmsOf(own, signer.sign(tagManifest))],
    [tagFiles.publicKey, toUtf8(toPem('PUBLIC KEY', signer.publicKey))],
    [tagFiles.certificate, toUtf8(toPem('CERTIFICATE', own.der))],
  ])
}

function manifestOf(files: Files): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return toUtf8(formatManifest(new Map(sorted.map(([path, bytes]) => [path, toHex(p.sha256(bytes))]))))
}

/** The container of these files, in the order of their names or in their own. */
export function packed(files: Files, { sorted = true } = {}): Uint8Array {
  const paths = sorted ? [...files.keys()].sort() : [...files.keys()]
  const pieces: Uint8Array[] = []
  const stored: StoredFile[] = []
  let at = 0
  for (const path of paths) {
    const bytes = files.get(path) ?? new Uint8Array(0)
    const file = { name: `INC-1_soc_v1/${path}`, bytes: bytes.length, crc32: crc32(bytes), at }
    pieces.push(localHeader(file), bytes)
    stored.push(file)
    at = endOfFile(file)
  }
  return concat(...pieces, ...directoryOf(stored))
}
