import { expect, test } from 'vitest'
import { newPacketReader } from './packets.ts'

function header(magic: number): Buffer {
  const bytes = Buffer.alloc(24)
  bytes.writeUInt32LE(magic)
  return bytes
}

function packet({ length, fraction = 0 }: { length: number; fraction?: number }): Buffer {
  const bytes = Buffer.alloc(16 + length, 'x')
  for (const [i, value] of [10, fraction, length, length].entries()) bytes.writeUInt32LE(value, 4 * i)
  return bytes
}

/** The stream in steps of so many bytes. */
async function* inSteps(bytes: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

async function read(bytes: Buffer, step = 7) {
  const reader = newPacketReader(inSteps(bytes, step), 1000)
  const found = { header: await reader.header(), packets: [] as [number, number][] }
  for (let next = await reader.next(); next !== undefined; next = await reader.next())
    found.packets.push([next.bytes.length, next.atMs])
  return { ...found, cut: reader.cut() }
}

test('packets are told apart however the stream is cut, with times in microseconds or nanoseconds', async () => {
  const packets = [packet({ length: 0 }), packet({ length: 1000, fraction: 5_000 })]

  for (const step of [1, 16, 4096])
    expect(await read(Buffer.concat([header(0xa1b2c3d4), ...packets]), step)).toMatchObject({
      packets: [
        [16, 10_000],
        [1016, 10_005],
      ],
      cut: 0,
    })
  const nano = Buffer.concat([header(0xa1b23c4d), packet({ length: 1, fraction: 5_000_000 })])
  expect((await read(nano)).packets).toEqual([[17, 10_005]])
})

test('what is no pcap, and a packet that is too long to be one, ends it', async () => {
  const tooLong = Buffer.concat([header(0xa1b2c3d4), packet({ length: 1001 })])

  await expect(read(header(0x0a0d0d0a))).rejects.toThrow('no pcap')
  await expect(read(tooLong)).rejects.toThrow('no packet: 1001 bytes')
})

test('a stream that ends within a packet says how much of it there was', async () => {
  const whole = Buffer.concat([header(0xa1b2c3d4), packet({ length: 100 }), packet({ length: 100 })])

  expect(await read(whole.subarray(0, -1))).toMatchObject({ packets: [[116, 10_000]], cut: 115 })
  expect(await newPacketReader(inSteps(whole.subarray(0, 23), 7), 1000).header()).toBeUndefined()
})
