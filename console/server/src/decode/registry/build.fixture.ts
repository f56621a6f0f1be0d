/** A key of a hive that is built, with what is below it. */
export interface BuiltKey {
  name: string
  /** RFC 3339; 1601 where it is left out. */
  writtenAt?: string
  values?: readonly BuiltValue[]
  keys?: readonly BuiltKey[]
}

export interface BuiltValue {
  name: string
  type: number
  data: Buffer
}

/** UTF-16 with its NUL. */
const wide = (text: string) => Buffer.from(`${text}\0`, 'utf16le')
export const text = (name: string, content: string): BuiltValue => ({ name, type: 1, data: wide(content) })
export const binary = (name: string, data: Buffer): BuiltValue => ({ name, type: 3, data })
export const list = (name: string, ...texts: readonly string[]): BuiltValue => ({
  name,
  type: 7,
  data: Buffer.concat([...texts, ''].map(wide)),
})

export function number(name: string, content: number): BuiltValue {
  const data = Buffer.alloc(4)
  data.writeUInt32LE(content)
  return { name, type: 4, data }
}

export function filetime(at: string): Buffer {
  const data = Buffer.alloc(8)
  data.writeBigUInt64LE((BigInt(Date.parse(at)) + 11_644_473_600_000n) * 10_000n)
  return data
}

/** `A\B\C` with these values, one key in another. */
export function nested(path: string, values: readonly BuiltValue[], keys: readonly BuiltKey[] = []): BuiltKey {
  const [name = '', ...rest] = path.split('\\')
  if (rest.length === 0) return { name, values, keys }
  return { name, keys: [nested(rest.join('\\'), values, keys)] }
}

/** Keys of one name are one. */
function merged(keys: readonly BuiltKey[]): BuiltKey[] {
  const byName = new Map<string, BuiltKey>()
  for (const key of keys) {
    const before = byName.get(key.name)
    const both = before && {
      ...before,
      values: [...(before.values ?? []), ...(key.values ?? [])],
      keys: [...(before.keys ?? []), ...(key.keys ?? [])],
    }
    byName.set(key.name, both ?? key)
  }
  return [...byName.values()]
}

const segmentBytes = 16_344
const nowhere = 0xffffffff

/**
 * A hive in one bin, laid out after Suhanov's specification: leaves of subkeys are `lf`, or two `li` below an `ri` where
 * a key has many; data beyond 16,344 bytes is `db`.
 */
export function buildHive(root: BuiltKey, fileName = ''): Buffer {
  const cells = newCells()
  const offset = addKey(cells, root, { parent: 0, flags: 0x2c })
  const bins = cells.bin()
  const base = Buffer.alloc(4096)
  base.write('regf')
  base.writeUInt32LE(7, 4)
  base.writeUInt32LE(7, 8)
  filetime('2024-05-01T00:00:00Z').copy(base, 12)
  for (const [at, word] of [
    [20, 1],
    [24, 5],
    [32, 1],
    [36, offset],
    [40, bins.length],
    [44, 1],
  ] as const)
    base.writeUInt32LE(word, at)
  base.write(fileName.slice(-31), 48, 'utf16le')
  return Buffer.concat([sealed(base), bins])
}

/** With the checksum that its first 508 bytes have. */
export function sealed(base: Buffer): Buffer {
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum ^= base.readInt32LE(at)
  base.writeInt32LE(sum, 508)
  return base
}

function newCells() {
  const parts: Buffer[] = [Buffer.alloc(32)]
  const cells = new Map<number, Buffer>()
  let bytes = 32
  return {
    /** Offset of a new cell with this content. */
    add(content: Buffer): number {
      const cell = Buffer.alloc(Math.ceil((content.length + 4) / 8) * 8)
      cell.writeInt32LE(-cell.length)
      content.copy(cell, 4)
      parts.push(cell)
      cells.set(bytes, cell)
      bytes += cell.length
      return bytes - cell.length
    },
    /** The content of a cell that is there, of the same length. */
    rewrite(offset: number, content: Buffer): void {
      content.copy(cells.get(offset) ?? Buffer.alloc(0), 4)
    },
    bin(): Buffer {
      const end = Math.ceil((bytes + 8) / 4096) * 4096
      const rest = Buffer.alloc(end - bytes)
      rest.writeInt32LE(rest.length)
      const bin = Buffer.concat([...parts, rest])
      bin.write('hbin')
      bin.writeUInt32LE(bin.length, 8)
      return bin
    },
  }
}

type Cells = ReturnType<typeof newCells>

function addKey(cells: Cells, key: BuiltKey, { parent, flags }: { parent: number; flags: number }): number {
  const { name, writtenAt = '1601-01-01T00:00:00Z', values = [], keys = [] } = key
  const narrow = [...name].every((char) => char.charCodeAt(0) < 256)
  const nameBytes = Buffer.from(name, narrow ? 'latin1' : 'utf16le')
  const node = Buffer.alloc(76 + nameBytes.length)
  // Its own place is only known once it is there, and its subkeys name it.
  const offset = cells.add(node)
  const children = merged(keys)
  const subkeys = children.map((child) => addKey(cells, child, { parent: offset, flags: 0x20 }))
  const valueOffsets = values.map((value) => addValue(cells, value))
  node.write('nk')
  node.writeUInt16LE(narrow ? flags : flags & ~0x20, 2)
  filetime(writtenAt).copy(node, 4)
  const words: readonly (readonly [at: number, word: number])[] = [
    [16, parent],
    [20, children.length],
    [28, addSubkeys(cells, subkeys)],
    [32, nowhere],
    [36, values.length],
    [40, values.length === 0 ? nowhere : cells.add(wordsOf(valueOffsets))],
    [44, nowhere],
    [48, nowhere],
  ]
  for (const [at, word] of words) node.writeUInt32LE(word, at)
  node.writeUInt16LE(nameBytes.length, 72)
  nameBytes.copy(node, 76)
  cells.rewrite(offset, node)
  return offset
}

function addSubkeys(cells: Cells, offsets: readonly number[]): number {
  if (offsets.length === 0) return nowhere
  if (offsets.length < 4)
    return cells.add(
      listOf(
        'lf',
        offsets.flatMap((offset) => [offset, 0]),
        offsets.length,
      ),
    )
  const half = offsets.length >> 1
  const leaves = [offsets.slice(0, half), offsets.slice(half)].map((leaf) => cells.add(listOf('li', leaf, leaf.length)))
  return cells.add(listOf('ri', leaves, leaves.length))
}

function listOf(signature: string, words: readonly number[], count: number): Buffer {
  const head = Buffer.alloc(4)
  head.write(signature)
  head.writeUInt16LE(count, 2)
  return Buffer.concat([head, wordsOf(words)])
}

function wordsOf(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4)
  words.forEach((word, i) => {
    bytes.writeUInt32LE(word, i * 4)
  })
  return bytes
}

function addValue(cells: Cells, { name, type, data }: BuiltValue): number {
  const nameBytes = Buffer.from(name, 'latin1')
  const value = Buffer.alloc(20 + nameBytes.length)
  value.write('vk')
  value.writeUInt16LE(nameBytes.length, 2)
  value.writeUInt32LE(type, 12)
  value.writeUInt16LE(1, 16)
  nameBytes.copy(value, 20)
  if (data.length <= 4) {
    value.writeUInt32LE(data.length + 0x80000000, 4)
    data.copy(value, 8)
  } else {
    value.writeUInt32LE(data.length, 4)
    value.writeUInt32LE(data.length > segmentBytes ? addLong(cells, data) : cells.add(data), 8)
  }
  return cells.add(value)
}

function addLong(cells: Cells, data: Buffer): number {
  const segments: number[] = []
  for (let at = 0; at < data.length; at += segmentBytes) segments.push(cells.add(data.subarray(at, at + segmentBytes)))
  return cells.add(listOf('db', [cells.add(wordsOf(segments))], segments.length))
}
