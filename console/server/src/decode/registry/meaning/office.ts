import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import type { Fact, Meaning } from './meaning.ts'

const office = 'HKCU\\Software\\Microsoft\\Office\\*\\*'
/** At the end of a record of trust: macros of the document were allowed, and not only its editing. */
const macrosAllowed = 0x7fffffff

/** Documents that were opened in Office, and those of which the macros were allowed: where many break-ins begin. */
export const officeDocuments: readonly Meaning[] = [
  {
    paths: [`${office}\\Security\\Trusted Documents\\TrustRecords`],
    read: (key) => key.values.flatMap((value) => trustOf(key, value)),
  },
  {
    paths: [`${office}\\File MRU`, `${office}\\User MRU\\*\\File MRU`],
    read: (key) => key.values.flatMap((value) => openedOf(key, value)),
  },
]

/** When it was trusted (8), zone, and at the end what was allowed (Dietz, "More on Trust Records, Macros and Security"). */
function trustOf(key: Key, value: Value): Fact[] {
  const record = readFields(key.bytesOf(value), (data) => ({
    time: data.instant(0),
    allowed: data.u32(data.bytes.length - 4),
  }))
  if (record === undefined) return []
  const areMacros = record.allowed === macrosAllowed
  return [
    {
      of: 'entry',
      action: areMacros ? 'macros-allowed' : 'document-trusted',
      says: `${value.name} was trusted${areMacros ? ', and its macros were allowed' : ''}`,
      category: ['file'],
      value: value.name,
      ...(record.time !== undefined && { at: { time: record.time, is: 'document trusted' } }),
      fields: pathFields(value.name),
    },
  ]
}

/** `[F00000000][T01D4C3E0A1B2C3D4][O00000000]*C:\reports\a.xlsx`: T is the time. */
function openedOf(key: Key, value: Value): Fact[] {
  const [, ticks = '', path] =
    /^(?:\[F[0-9A-F]+\])?\[T([0-9A-F]{16})\](?:\[O[0-9A-F]+\])?\*(.+)$/i.exec(key.textOf(value) ?? '') ?? []
  if (path === undefined) return []
  const time = readFields(Buffer.from(ticks, 'hex').reverse(), (data) => data.instant(0))
  return [
    {
      of: 'entry',
      action: 'document-opened',
      says: `${path} was opened`,
      category: ['file'],
      value: value.name,
      ...(time !== undefined && { at: { time, is: 'opened' } }),
      fields: pathFields(path),
    },
  ]
}

/** Documents in the cloud have an address. */
function pathFields(path: string): Record<string, unknown> {
  return /^https?:/i.test(path) ? { url: { original: path } } : { file: { path } }
}
