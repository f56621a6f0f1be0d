import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat } from '../bytes.ts'
import { findDifferences, readContainer } from './container.ts'
import { crc32 } from './crc32.ts'
import { type RandomAccess, withReadAhead } from './source.ts'
import { directoryOf, endOfFile, localHeader, type StoredFile } from './zip.ts'

/** A container that is only described: where no header is, it reads as zeros, however large it is. */
function described(sizes: readonly { name: string; bytes: number }[]): { files: StoredFile[]; source: RandomAccess } {
  const files: StoredFile[] = []
  let at = 0
  for (const file of sizes) {
    files.push({ ...file, crc32: 0x12345678, at })
    at = endOfFile({ ...file, crc32: 0, at })
  }
  const pieces = files.map((file) => ({ at: file.at, bytes: localHeader(file) }))
  const directory = concat(...directoryOf(files))
  pieces.push({ at, bytes: directory })
  return { files, source: { size: at + directory.length, read: async (from, length) => sparse(pieces, from, length) } }
}

function sparse(pieces: readonly { at: number; bytes: Uint8Array }[], from: number, length: number): Uint8Array {
  const out = new Uint8Array(length)
  for (const { at, bytes } of pieces) {
    const start = Math.max(at, from)
    const end = Math.min(at + bytes.length, from + length)
    if (start < end) out.set(bytes.subarray(start - at, end - at), start - from)
  }
  return out
}

const noStrangers = async () => 0

async function readBack(source: RandomAccess) {
  const near = withReadAhead(source)
  const { files, central } = await readContainer(near, noStrangers)
  return { files, central, differences: await findDifferences(near, files) }
}

/** A small real container. */
function packed(files: Record<string, string>): Uint8Array {
  const pieces: Uint8Array[] = []
  const stored: StoredFile[] = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const data = new TextEncoder().encode(text)
    const file = { name, bytes: data.length, crc32: crc32(data), at }
    pieces.push(localHeader(file), data)
    stored.push(file)
    at = endOfFile(file)
  }
  return concat(...pieces, ...directoryOf(stored))
}

function sourceOf(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) }
}

describe('a container read back', () => {
  test('gives the files it was made of, of whatever number and size, and no difference', async () => {
    const size = fc.oneof(fc.nat(100), fc.constantFrom(0xfffffffe, 0xffffffff, 0x100000000, 6e9))
    await fc.assert(
      fc.asyncProperty(fc.array(size, { maxLength: 6 }), async (sizes) => {
        const { files, source } = described(sizes.map((bytes, i) => ({ name: `bag/file-${i}`, bytes })))

        const read = await readBack(source)

        expect(read).toEqual({ files, central: files.map((file) => file.crc32), differences: [] })
      }),
    )
  })

  test('has zip64 fields only where a number needs them', () => {
    const small = { name: 'a', bytes: 0xfffffffe, crc32: 0, at: 0 }
    const large = { name: 'a', bytes: 0xffffffff, crc32: 0, at: 0 }

    expect([localHeader(small).length, localHeader(large).length]).toEqual([31, 51])
    expect([...directoryOf([small])].map(({ length }) => length)).toEqual([47, 98])
    expect([...directoryOf([large])].map(({ length }) => length)).toEqual([67, 98])
    expect([...directoryOf([{ ...small, bytes: 1 }])].map(({ length }) => length)).toEqual([47, 22])
  })

  test('has a zip64 end when it holds 65,535 files or more', async () => {
    const many = described(Array.from({ length: 65_535 }, (_, i) => ({ name: `b/${i}`, bytes: 0 })))
    const bytes = new Uint8Array(many.source.size)
    bytes.set(await many.source.read(0, bytes.length))

    const read = await readBack(sourceOf(bytes))

    expect(read.files).toHaveLength(65_535)
    expect(read.differences).toEqual([])
  }, 60_000)

  test('of a changed byte gives the place of that byte, wherever it is outside the data', async () => {
    const bytes = packed({ 'bag/a': 'one', 'bag/b': 'two and more', 'bag/c': '' })
    const dataOf = (name: string) => {
      const at = Buffer.from(bytes).indexOf(name) + name.length
      return [at, at + (name === 'bag/a' ? 3 : name === 'bag/b' ? 12 : 0)] as const
    }
    const data = ['bag/a', 'bag/b', 'bag/c'].map(dataOf)
    const known = new Set(['bag/a', 'bag/b', 'bag/c'])
    for (let offset = 0; offset < bytes.length; offset++) {
      if (data.some(([from, to]) => offset >= from && offset < to)) continue
      for (const mask of [1, 0x80]) {
        const broken = bytes.slice()
        broken[offset] = (broken[offset] ?? 0) ^ mask
        const near = sourceOf(broken)
        const { files } = await readContainer(near, async (list) => {
          const names = new Set(list.map(({ name }) => name))
          return list.length - [...names].filter((name) => known.has(name)).length
        })
        // The bytes of the files say which CRC is the right one; here they are known.
        const right = files.map((file) => ({
          ...file,
          crc32: crc32(broken.subarray(endOfFile(file) - file.bytes, endOfFile(file))),
        }))
        expect([offset, (await findDifferences(near, right))[0]?.offset]).toEqual([offset, offset])
      }
    }
  })

  test('that is no container is refused with the place, and never asks for more than it says it has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const asked: number[] = []
        const source = {
          size: bytes.length,
          read: async (at: number, length: number) => bytes.subarray(at, asked.push(at + length) && at + length),
        }
        await expect(readContainer(source, noStrangers)).rejects.toMatchObject({
          code: 'package-malformed',
          says: expect.stringMatching(/^container@\d+: /),
        })
        expect(Math.max(0, ...asked)).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })
})

test('a directory that says it is huge is refused before it is read', async () => {
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, 0x06054b50, true)
  end.setUint16(8, 1, true)
  end.setUint16(10, 1, true)
  end.setUint32(12, 0x7fffffff, true)
  const size = 0x80000000
  const read = async (at: number, length: number) => {
    const bytes = new Uint8Array(length)
    if (at + length === size) bytes.set(new Uint8Array(end.buffer), length - 22)
    return bytes
  }

  await expect(readContainer({ size, read }, noStrangers)).rejects.toMatchObject({ code: 'package-too-large' })
})
