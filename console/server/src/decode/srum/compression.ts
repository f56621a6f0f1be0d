import { Damaged } from '../damaged.ts'
import { type Structure, structureOf } from '../structure.ts'

/** How a value was packed stands in the upper five bits of its first byte (Microsoft, ESE source, `compression.cxx`). */
const packing = { ascii: 1, wide: 2, xpress: 3 }

/** A value as it was before it was packed. Throws `Damaged`. */
export function unpackValue(value: Structure): Structure {
  const how = value.u8(0) >> 3
  if (how === packing.ascii) return structureOf(from7Bits(value, 1))
  if (how === packing.wide) return structureOf(from7Bits(value, 2))
  if (how === packing.xpress) return structureOf(inflateXpress(value.bytes.subarray(3), value.u16(1)))
  throw new Damaged('version-unknown', `A value is packed in a way that is not known (${how}).`)
}

/** Letters of seven bits, the lowest first; the lower three bits of the first byte say how many bits the last byte has. */
function from7Bits(value: Structure, bytesOfLetter: 1 | 2): Uint8Array {
  const bits = (value.bytes.length - 2) * 8 + (value.u8(0) & 7) + 1
  const letters = Math.max(Math.floor(bits / 7), 0)
  const bytes = new Uint8Array(letters * bytesOfLetter)
  for (let i = 0; i < letters; i++) {
    const at = 1 + ((i * 7) >> 3)
    const both = value.u8(at) | ((value.bytes[at + 1] ?? 0) << 8)
    bytes[i * bytesOfLetter] = (both >> ((i * 7) & 7)) & 0x7f
  }
  return bytes
}

/** Plain LZ77 of Xpress ([MS-XCA] 2.4, "Plain LZ77 Decompression Algorithm"). `size` is at most 65535. */
export function inflateXpress(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size)
  const source = newSource(input)
  let to = 0
  let [flags, left] = [0, 0]
  while (to < size) {
    if (left === 0) {
      flags = source.word() | (source.word() << 16)
      left = 32
    }
    left -= 1
    if (((flags >>> left) & 1) === 0) {
      output[to++] = source.byte()
      continue
    }
    const { distance, length } = source.match()
    if (distance > to || to + length > size) throw damaged()
    for (const end = to + length; to < end; to++) output[to] = output[to - distance] ?? 0
  }
  return output
}

function newSource(input: Uint8Array) {
  let at = 0
  /** Place of a byte whose upper half is the next short length. */
  let half = -1

  function byte(): number {
    if (at >= input.length) throw damaged()
    return input[at++] ?? 0
  }

  function word(): number {
    return byte() | (byte() << 8)
  }

  function nibble(): number {
    if (half >= 0) {
      const upper = (input[half] ?? 0) >> 4
      half = -1
      return upper
    }
    half = at
    return byte() & 15
  }

  function longLength(): number {
    const short = byte()
    if (short < 255) return short + 15
    const long = word() || word() + word() * 65_536
    if (long < 22) throw damaged()
    return long - 7
  }

  return {
    byte,
    word,
    match(): { distance: number; length: number } {
      const both = word()
      let length = both & 7
      if (length === 7) {
        length = nibble()
        if (length === 15) length = longLength()
        length += 7
      }
      return { distance: (both >> 3) + 1, length: length + 3 }
    },
  }
}

function damaged(): Damaged {
  return new Damaged('compression-damaged', 'A packed value is damaged.')
}
