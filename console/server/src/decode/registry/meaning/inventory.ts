import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Fact, Meaning } from './meaning.ts'

const root = 'Amcache\\Root'

/**
 * What Windows lists of programs for compatibility, in `Amcache.hve` (ANSSI, "AmCache investigation"; values as in the
 * hive). A file is listed when it is installed, run, or found by a scan: being listed does not show that it ran.
 */
export const inventory: readonly Meaning[] = [
  { paths: [`${root}\\InventoryApplicationFile\\*`], read: fileOf },
  { paths: [`${root}\\InventoryApplication\\*`], read: applicationOf },
  { paths: [`${root}\\InventoryDriverBinary\\*`], read: driverOf },
  { paths: [`${root}\\File\\*\\*`], read: oldFileOf },
  { paths: [`${root}\\Programs\\*`], read: oldProgramOf },
]

function fileOf(key: Key): Fact[] {
  const path = key.text('LowerCaseLongPath')
  if (path === undefined) return []
  const sha1 = sha1Of(key.text('FileId'))
  const publisher = key.text('Publisher')
  const product = key.text('ProductName')
  const version = key.text('Version')
  return [
    {
      of: 'key',
      action: 'program-listed',
      says: `${path} is listed${sha1 === undefined ? '' : `, SHA-1 ${sha1}`}`,
      category: ['file'],
      fields: {
        file: {
          path,
          name: key.text('Name'),
          ...(sha1 !== undefined && { hash: { sha1 } }),
          ...sizeOf(key.bytes('Size')),
          pe: { company: publisher, product, file_version: version },
        },
      },
      more: { linked: key.text('LinkDate'), program: key.text('ProgramId') },
    },
  ]
}

function applicationOf(key: Key): Fact[] {
  const name = key.text('Name')
  if (name === undefined) return []
  return [
    {
      of: 'key',
      action: 'package-listed',
      says: `${name} ${key.text('Version') ?? ''} of ${key.text('Publisher') ?? 'unknown'} is installed`,
      fields: { package: { name, version: key.text('Version'), path: key.text('RootDirPath') } },
      more: {
        publisher: key.text('Publisher'),
        // Of a local day, or of a local day and time, as the installer wrote it.
        installed: key.text('InstallDate'),
        source: key.text('Source'),
        uninstall: key.text('UninstallString'),
      },
    },
  ]
}

/** The key is named after the file, with slashes. */
function driverOf(key: Key): Fact[] {
  const path = key.name.replaceAll('/', '\\')
  const sha1 = sha1Of(key.text('DriverId'))
  const service = key.text('Service')
  return [
    {
      of: 'key',
      action: 'driver-listed',
      says: `Driver ${path} is listed${sha1 === undefined ? '' : `, SHA-1 ${sha1}`}`,
      category: ['driver'],
      fields: {
        file: {
          path,
          name: key.text('DriverName'),
          ...(sha1 !== undefined && { hash: { sha1 } }),
          pe: {
            company: key.text('DriverCompany'),
            product: key.text('Product'),
            file_version: key.text('DriverVersion'),
          },
        },
        ...(service !== undefined && { service: { name: service } }),
      },
      more: {
        is_signed: key.number('DriverSigned') === undefined ? undefined : key.number('DriverSigned') !== 0,
        last_changed: key.text('DriverLastWriteTime'),
      },
    },
  ]
}

/** Windows 8 and the first versions of 10: values with numbers for names. */
function oldFileOf(key: Key): Fact[] {
  const path = key.text('15')
  if (path === undefined) return []
  const sha1 = sha1Of(key.text('101'))
  const [changedAt, createdAt] = ['11', '12'].map((name) => readFields(key.bytes(name), (data) => data.instant(0)))
  return [
    {
      of: 'key',
      action: 'program-listed',
      says: `${path} is listed${sha1 === undefined ? '' : `, SHA-1 ${sha1}`}`,
      category: ['file'],
      fields: {
        file: {
          path,
          ...(sha1 !== undefined && { hash: { sha1 } }),
          ...sizeOf(key.bytes('6')),
          mtime: changedAt,
          created: createdAt,
          pe: { company: key.text('1'), product: key.text('0'), file_version: key.text('5') },
        },
      },
      more: { program: key.text('100') },
    },
  ]
}

function oldProgramOf(key: Key): Fact[] {
  const name = key.text('0')
  if (name === undefined) return []
  return [
    {
      of: 'key',
      action: 'package-listed',
      says: `${name} ${key.text('1') ?? ''} of ${key.text('2') ?? 'unknown'} is installed`,
      fields: { package: { name, version: key.text('1') } },
      more: { publisher: key.text('2') },
    },
  ]
}

/** Four zeros, then the hash. Of a file beyond 31,457,280 bytes it is that of so many of them. */
function sha1Of(id: string | undefined): string | undefined {
  return /^0000([0-9a-f]{40})$/i.exec(id ?? '')?.[1]?.toLowerCase()
}

function sizeOf(data: Buffer | undefined): { size?: number } {
  if (data === undefined || (data.length !== 4 && data.length !== 8)) return {}
  const size = data.length === 4 ? data.readUInt32LE(0) : Number(data.readBigUInt64LE(0))
  return Number.isSafeInteger(size) ? { size } : {}
}
