import { Damaged } from '../damaged.ts'
import type { Structure } from '../structure.ts'

/** A value that a program or the shell left in a shortcut; its name is `<format>/<number or name>`. */
export interface Property {
  name: string
  value: string
}

const signature = 0x53505331
/** Properties of this format have names instead of numbers. */
const namedFormat = 'd5cdd505-2e9c-101b-9397-08002b2cf9ae'
const mostProperties = 256
const mostCharacters = 4096

/** Serialized property stores one after the other ([MS-PROPSTORE] 2.2). Values of types beside the plain ones are left out. */
export function readProperties(all: Structure): Property[] {
  const properties: Property[] = []
  for (let at = 0; at + 4 <= all.bytes.length; ) {
    const bytes = all.u32(at)
    if (bytes === 0) break
    if (bytes < 24 || all.u32(at + 4) !== signature)
      throw new Damaged('format-unknown', 'A store of properties does not begin as one does.')
    properties.push(...propertiesOf(all.part(at, bytes)))
    if (properties.length > mostProperties)
      throw new Damaged('too-many', `It has more than ${mostProperties} properties.`)
    at += bytes
  }
  return properties
}

function propertiesOf(store: Structure): Property[] {
  const properties: Property[] = []
  const format = store.guid(8)
  for (let at = 24; at + 4 <= store.bytes.length; ) {
    const bytes = store.u32(at)
    if (bytes === 0 || properties.length > mostProperties) break
    if (bytes < 9) throw new Damaged('place-impossible', 'A property is shorter than its own head.')
    const property = store.part(at, bytes)
    const isNamed = format === namedFormat
    const key = isNamed ? property.wideToNul(9) : String(property.u32(4))
    const value = valueAt(property, isNamed ? 9 + property.u32(4) : 9)
    if (value !== undefined) properties.push({ name: `${format}/${key}`, value: value.slice(0, mostCharacters) })
    at += bytes
  }
  return properties
}

/** Types of values ([MS-OLEPS] 2.15, TypedPropertyValue). */
const readers: Readonly<Record<number, (property: Structure, at: number) => string | undefined>> = {
  2: (property, at) => String((property.u16(at) << 16) >> 16),
  3: (property, at) => String(property.u32(at) | 0),
  11: (property, at) => (property.u16(at) === 0 ? 'false' : 'true'),
  18: (property, at) => String(property.u16(at)),
  19: (property, at) => String(property.u32(at)),
  20: (property, at) => property.i64(at).toString(),
  21: (property, at) => BigInt.asUintN(64, property.i64(at)).toString(),
  30: (property, at) => property.narrow(at + 4, at + 4 + property.u32(at)),
  31: (property, at) => property.wide(at + 4, property.u32(at)),
  64: (property, at) => property.instant(at),
  72: (property, at) => property.guid(at),
}

function valueAt(property: Structure, at: number): string | undefined {
  return readers[property.u16(at)]?.(property, at + 4)
}
