import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChunkMeter, fromHex, limits, type Offer } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, test } from 'vitest'
import { openArtifacts } from './artifacts.ts'
import { newFolder } from './ledger.fixture.ts'

const masterKey = new Uint8Array(32).fill(3)
const bytes = Buffer.alloc(2 * limits.chunk + 100, 'tidewaiter')
const chunks = [0, 1, 2].map((number) => ({
  number,
  bytes: bytes.subarray(number * limits.chunk).subarray(0, limits.chunk),
}))

function offerOf(content: Buffer, seed = '5e'.repeat(32)): Offer {
  const meter = new ChunkMeter(nodePrimitives, fromHex(seed) ?? new Uint8Array(0))
  for (let at = 0; at < content.length; at += limits.chunk) meter.add(content.subarray(at, at + limits.chunk))
  return { task: '018f2c6e-7b1a-7000-8000-0000000000aa', seed, ...meter.end() }
}

async function bytesOf(artifacts: ReturnType<typeof openArtifacts>, sha256: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of (await artifacts.read(sha256)).bytes) parts.push(part)
  return Buffer.concat(parts)
}

test('an artifact is held when its last chunk came, goes on after a restart, and nothing of it lies there in clear', async () => {
  const dir = newFolder()
  const offer = offerOf(bytes)
  const first = openArtifacts({ dir, masterKey })
  expect(await first.begin(offer)).toEqual({ isHeld: false, next: 0 })
  expect(await first.append(offer, chunks[0]!)).toEqual({ isHeld: false, next: 1 })
  expect(await first.append(offer, chunks[1]!)).toEqual({ isHeld: false, next: 2 })
  const [part = ''] = readdirSync(join(dir, 'artifacts'))
  const path = join(dir, 'artifacts', part)
  // The second chunk did not come onto the disk whole before the power went.
  truncateSync(path, readFileSync(path).length - 5)

  const again = openArtifacts({ dir, masterKey })
  expect(await again.begin(offer)).toEqual({ isHeld: false, next: 1 })
  expect(again.has(offer.sha256)).toBe(false)
  expect(await again.append(offer, chunks[1]!)).toEqual({ isHeld: false, next: 2 })
  expect(await again.append(offer, chunks[2]!)).toEqual({ isHeld: true, next: 3 })

  expect((await bytesOf(again, offer.sha256)).equals(bytes)).toBe(true)
  expect(readdirSync(join(dir, 'artifacts'))).toEqual([offer.sha256])
  expect(readFileSync(join(dir, 'artifacts', offer.sha256)).includes('tidewaiter'.repeat(4))).toBe(false)
  expect(await again.begin(offer)).toEqual({ isHeld: true, next: 3 })
})

test('chunks that do not come to what was offered are refused, and nothing of them stays', async () => {
  const dir = newFolder()
  const artifacts = openArtifacts({ dir, masterKey })
  const offer = offerOf(Buffer.from('offered'))
  await artifacts.begin(offer)

  await expect(artifacts.append(offer, { number: 0, bytes: Buffer.from('another') })).rejects.toThrow('artifact-wrong')
  await artifacts.begin(offer)
  await expect(artifacts.append(offer, { number: 0, bytes: Buffer.from('longer') })).rejects.toThrow('artifact-wrong')

  expect(artifacts.has(offer.sha256)).toBe(false)
})

test('a chunk out of its turn is not taken, and an empty artifact is held at once', async () => {
  const artifacts = openArtifacts({ dir: newFolder(), masterKey })
  const offer = offerOf(bytes)
  await artifacts.begin(offer)

  expect(await artifacts.append(offer, chunks[1]!)).toEqual({ isHeld: false, next: 0 })
  const empty = offerOf(Buffer.alloc(0))
  expect(await artifacts.begin(empty)).toEqual({ isHeld: true, next: 0 })
  expect(await bytesOf(artifacts, empty.sha256)).toHaveLength(0)
})

test('a byte that was changed on the disk, or another master key, does not open', async () => {
  const dir = newFolder()
  const artifacts = openArtifacts({ dir, masterKey })
  const offer = offerOf(Buffer.from('offered'))
  await artifacts.begin(offer)
  await artifacts.append(offer, { number: 0, bytes: Buffer.from('offered') })
  const other = openArtifacts({ dir, masterKey: new Uint8Array(32) })

  await expect(bytesOf(other, offer.sha256)).rejects.toThrow('payload-unreadable')
  const path = join(dir, 'artifacts', offer.sha256)
  const file = readFileSync(path)
  writeFileSync(path, file.with(file.length - 20, (file.at(-20) ?? 0) ^ 1))
  await expect(bytesOf(artifacts, offer.sha256)).rejects.toThrow('payload-unreadable')
})
