import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { shortcut } from './index.ts'
import { linkSignature } from './link.ts'

/** Built after [MS-CFB], and "Jump lists format" of libyal for DestList as Windows 7 wrote it. */
const sectorBytes = 512
const end = 0xffff_fffe
const free = 0xffff_ffff

/** A compound file of streams shorter than 512 bytes: table, directory, table of small sectors, and their room. */
function compoundFile(streams: Readonly<Record<string, Buffer>>): Buffer {
  const small = { sectors: 0, next: [] as number[], room: [] as Buffer[] }
  const places = Object.entries(streams).map(([name, bytes]) => {
    const first = small.sectors
    const count = Math.ceil(bytes.length / 64)
    small.room.push(Buffer.concat([bytes, Buffer.alloc(count * 64 - bytes.length)]))
    for (let i = 1; i <= count; i++) small.next.push(i < count ? first + i : end)
    small.sectors += count
    return entry(name, 2, { first, length: bytes.length })
  })
  const room = Buffer.concat(small.room)
  const roomSectors = Math.ceil(room.length / sectorBytes)
  const root = entry('Root Entry', 5, { first: 3, length: room.length })
  const table = words([
    0xffff_fffd,
    end,
    end,
    ...Array.from({ length: roomSectors }, (_, i) => (i + 1 < roomSectors ? i + 4 : end)),
  ])
  const directory = Buffer.concat([root, ...places, Buffer.alloc((4 - 1 - places.length) * 128)])
  return Buffer.concat([
    head(),
    table,
    directory,
    words(small.next),
    room,
    Buffer.alloc(roomSectors * sectorBytes - room.length),
  ])
}

function head(): Buffer {
  const bytes = Buffer.alloc(sectorBytes)
  bytes.write('d0cf11e0a1b11ae1', 'hex')
  bytes.writeUInt16LE(9, 30)
  bytes.writeUInt16LE(6, 32)
  bytes.writeUInt32LE(1, 48)
  bytes.writeUInt32LE(4096, 56)
  bytes.writeUInt32LE(2, 60)
  bytes.writeUInt32LE(end, 68)
  bytes.writeUInt32LE(0, 76)
  bytes.fill(0xff, 80)
  return bytes
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(sectorBytes)
  for (let i = 0; i < sectorBytes / 4; i++) bytes.writeUInt32LE(values[i] ?? free, i * 4)
  return bytes
}

function entry(name: string, type: number, { first, length }: { first: number; length: number }): Buffer {
  const bytes = Buffer.alloc(128)
  bytes.write(name, 'utf16le')
  bytes.writeUInt16LE(name.length * 2 + 2, 64)
  bytes.writeUInt8(type, 66)
  bytes.writeUInt32LE(first, 116)
  bytes.writeUInt32LE(length, 120)
  return bytes
}

/** Version 1: entries of 114 bytes and the path. */
function destList(uses: readonly { number: number; ticks: bigint; path: string; pinned: number }[]): Buffer {
  const first = Buffer.alloc(32)
  first.writeUInt32LE(1, 0)
  first.writeUInt32LE(uses.length, 4)
  const entries = uses.map(({ number, ticks, path, pinned }) => {
    const bytes = Buffer.alloc(114 + path.length * 2)
    bytes.write('WS11', 72, 'latin1')
    bytes.writeUInt32LE(number, 88)
    bytes.writeBigUInt64LE(ticks, 100)
    bytes.writeInt32LE(pinned, 108)
    bytes.writeUInt16LE(path.length, 112)
    bytes.write(path, 114, 'utf16le')
    return bytes
  })
  return Buffer.concat([first, ...entries])
}

const ticks = 134_085_260_740_000_000n
const link = Buffer.concat([linkSignature, Buffer.alloc(80 - linkSignature.length)])
const list = destList([
  { number: 10, ticks, path: 'C:\\Users\\ana\\entries.xlsx', pinned: 0 },
  { number: 11, ticks: 0n, path: '\\\\nas\\broker\\a.pdf', pinned: -1 },
])

test('a jump list of Windows 7 tells what was opened, when, and on which machine', () => {
  const bytes = compoundFile({ DestList: list, a: link })

  expect(shortcut.detects(bytes)).toBe(true)
  expect(eventsOf(shortcut, [bytes])).toMatchObject([
    {
      '@timestamp': '2025-11-25T06:34:34.0000000Z',
      event: { action: 'file-opened' },
      file: { path: 'C:\\Users\\ana\\entries.xlsx' },
      tidewaiter: { shortcut: { jump_list: { number: 10, machine: 'WS11', pinned: true } } },
    },
    { event: { action: 'shortcut-found' }, file: { path: '\\\\nas\\broker\\a.pdf' } },
  ])
})

test('a shortcut that the list does not name is told, and one that cannot be read does not hide the others', () => {
  const bytes = compoundFile({ DestList: list, a: Buffer.from('no shortcut'), c: link })

  const events = eventsOf(shortcut, [bytes])

  expect(events.map(({ event, error }) => error?.code ?? event.action)).toEqual([
    'file-opened',
    'shortcut-found',
    'shortcut-found',
    'format-unknown',
  ])
})

test('streams that claim to be longer than the file, or whose sectors run in a circle, come to an end', () => {
  const long = compoundFile({ DestList: list, a: link })
  long.writeUInt32LE(0xffff_fff0, 2 * sectorBytes + 128 + 120)
  const circle = compoundFile({ DestList: list, a: link })
  circle.writeUInt32LE(0, 3 * sectorBytes)
  const table = compoundFile({ DestList: list, a: link })
  table.writeUInt32LE(1, sectorBytes + 4)

  expect(eventsOf(shortcut, [long]).map(({ error }) => error?.code)).toContain('too-large')
  expect(eventsOf(shortcut, [circle]).length).toBeGreaterThan(0)
  expect(eventsOf(shortcut, [table])).toMatchObject([{ error: { code: 'place-impossible' } }])
})
