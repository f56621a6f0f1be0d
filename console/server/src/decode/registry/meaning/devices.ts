import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import { controlSet, type Fact, type Meaning } from './meaning.ts'

/** Properties of a device that are times (devpkey.h, DEVPKEY_Device_InstallDate and those behind it). */
const timesKey = 'Properties\\{83da6326-97a6-4088-9453-a1923f573b29}'
const times: readonly (readonly [property: string, action: string, is: string])[] = [
  ['0064', 'device-installed', 'installed'],
  ['0065', 'device-first-installed', 'first installed'],
  ['0066', 'device-connected', 'last connected'],
  ['0067', 'device-removed', 'last removed'],
]

/** Drives and other devices that were connected by USB, and the letters that volumes had. */
export const devices: readonly Meaning[] = [
  { paths: [controlSet('Enum\\USBSTOR\\*\\*'), controlSet('Enum\\USB\\*\\*')], read: deviceOf },
  { paths: ['HKLM\\SYSTEM\\MountedDevices'], read: (key) => key.values.flatMap((value) => volumeOf(key, value)) },
]

function deviceOf(key: Key): Fact[] {
  const model = key.above(1)?.name ?? ''
  const name = key.text('FriendlyName') ?? lastPart(key.text('DeviceDesc')) ?? model
  const serial = serialOf(key.name)
  const device = {
    id: `${model}\\${key.name}`,
    ...partsOf(model),
    ...(serial !== undefined && { serial_number: serial }),
  }
  const fields = { device }
  const says = `USB device ${name}${serial === undefined ? '' : `, serial number ${serial}`}`
  return [
    { of: 'key', action: 'device-found', says, fields, more: { device_name: name } },
    ...times.flatMap(([property, action, is]): Fact[] => {
      const time = timeOf(key, property)
      return time === undefined ? [] : [{ of: 'entry', action, says: `${says}: ${is}`, at: { time, is }, fields }]
    }),
  ]
}

/** Since Windows 8 as a value of the property, before in one of a key below it. */
function timeOf(key: Key, property: string): string | undefined {
  const data =
    key.below(`${timesKey}\\${property}`)?.bytes('') ??
    key.below(`${timesKey}\\0000${property}\\00000000`)?.bytes('Data')
  return readFields(data, (fields) => fields.instant(0))
}

/** `Disk&Ven_SanDisk&Prod_Cruzer&Rev_1.26`, or `VID_0781&PID_5530`. */
function partsOf(model: string): Record<string, unknown> {
  const part = (name: string) => new RegExp(`(?:^|&)${name}_([^&]+)`, 'i').exec(model)?.[1]
  const [vendor, product] = [part('Ven'), part('Prod')]
  const [vendorId, productId] = [part('VID'), part('PID')]
  return {
    ...(vendor !== undefined && { manufacturer: vendor }),
    ...(product !== undefined && { model: { name: product } }),
    ...(vendorId !== undefined && { vendor: { id: vendorId } }),
    ...(productId !== undefined && { product: { id: productId } }),
  }
}

/** Where the second character is `&`, Windows made the number up. The last part counts devices on one connector. */
function serialOf(name: string): string | undefined {
  if (name[1] === '&') return undefined
  const end = name.lastIndexOf('&')
  return end < 0 ? name : name.slice(0, end)
}

/** `@disk.inf,%disk_devdesc%;Disk drive`. */
function lastPart(text: string | undefined): string | undefined {
  return text?.slice(text.lastIndexOf(';') + 1)
}

function volumeOf(key: Key, value: Value): Fact[] {
  const data = key.bytesOf(value)
  const volume = data === undefined ? undefined : volumeText(data)
  if (volume === undefined) return []
  return [
    {
      of: 'entry',
      action: 'volume-found',
      says: `${value.name} is ${volume}`,
      value: value.name,
      data: [volume],
    },
  ]
}

/** A partition by the signature of its disk and where it begins, by its GUID, or the device that a drive is. */
function volumeText(data: Buffer): string | undefined {
  if (data.length === 12)
    return `the partition at byte ${data.readBigUInt64LE(4)} of disk ${data.readUInt32LE(0).toString(16).padStart(8, '0')}`
  if (data.toString('latin1', 0, 8) === 'DMIO:ID:')
    return readFields(data, (fields) => `the partition {${fields.guid(8)}}`)
  return data.length % 2 === 0 && data.length > 12 ? data.toString('utf16le').replace(/\0.*$/s, '') : undefined
}
