import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chunkBytes, parseRecipient, sealForRecipients, tagBytes } from '@tidewaiter/protocol/node/age'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, onTestFinished, test } from 'vitest'
import { collectionPair } from '../keys/derived.ts'
import { openCollection, type Unopened } from './open-file.ts'

const ours = collectionPair(new Uint8Array(32).fill(1))

test('what a host encrypts opens with every key it was encrypted to, also with another implementation of age', async () => {
  const recovery = await generateX25519Identity()
  const recipients = [ours.recipient, await identityToRecipient(recovery)]
  for (const length of [0, 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes]) {
    const text = randomBytes(length)
    const file = encrypted(text, recipients)
    for (const identity of [ours.identity, recovery]) {
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      expect(Buffer.from(await decrypter.decrypt(file))).toEqual(text)
      expect(await read(file, identity)).toEqual({ bytes: text, unopened: [] })
    }
  }
})

test('the public half is the one that age makes of the private half', async () => {
  expect(await identityToRecipient(ours.identity)).toBe(ours.recipient)
})

test('another key opens nothing, and a changed header is refused', async () => {
  const file = encrypted(Buffer.from('text'), [ours.recipient])
  const { identity } = collectionPair(new Uint8Array(32).fill(2))

  await expect(read(file, identity)).rejects.toMatchObject({ code: 'collection-sealed' })
  await expect(read(flipped(file, 60), ours.identity)).rejects.toMatchObject({
    code: expect.stringMatching(/^collection-/),
  })
  await expect(read(file.subarray(0, 40), ours.identity)).rejects.toMatchObject({ code: 'collection-malformed' })
})

test('a chunk that was changed is read as zeros and named, and those around it stay', async () => {
  const text = randomBytes(3 * chunkBytes)
  const file = encrypted(text, [ours.recipient])
  const inSecond = file.length - 2 * (chunkBytes + tagBytes) + 100

  const { bytes, unopened } = await read(flipped(file, inSecond), ours.identity)

  expect(unopened).toEqual([{ at: chunkBytes, bytes: chunkBytes }])
  expect(bytes.subarray(0, chunkBytes)).toEqual(text.subarray(0, chunkBytes))
  expect(bytes.subarray(chunkBytes, 2 * chunkBytes)).toEqual(Buffer.alloc(chunkBytes))
  expect(bytes.subarray(2 * chunkBytes)).toEqual(text.subarray(2 * chunkBytes))
})

test('of a file that was cut off every whole chunk is read', async () => {
  const text = randomBytes(3 * chunkBytes)
  const file = encrypted(text, [ours.recipient])

  const atChunk = await read(file.subarray(0, -(chunkBytes + tagBytes)), ours.identity)
  expect(atChunk).toEqual({ bytes: text.subarray(0, 2 * chunkBytes), unopened: [] })
  const within = await read(file.subarray(0, -1000), ours.identity)
  expect(within.bytes.subarray(0, 2 * chunkBytes)).toEqual(text.subarray(0, 2 * chunkBytes))
  expect(within.unopened).toEqual([{ at: 2 * chunkBytes, bytes: chunkBytes - 1000 }])
})

function encrypted(text: Buffer, recipients: readonly string[]): Buffer {
  const sealing = sealForRecipients(recipients.flatMap((recipient) => parseRecipient(recipient) ?? []))
  const pieces = Array.from({ length: Math.ceil(text.length / 50_000) }, (_, i) =>
    text.subarray(i * 50_000, (i + 1) * 50_000),
  )
  return Buffer.concat([sealing.head, ...pieces.flatMap((piece) => sealing.push(piece)), sealing.end()])
}

async function read(file: Buffer, identity: string): Promise<{ bytes: Buffer; unopened: Unopened[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'x.tide')
  writeFileSync(path, file)
  const collection = await openCollection(path, async () => identity)
  const unopened: Unopened[] = []
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of collection.pieces((what) => unopened.push(what))) pieces.push(piece)
  } finally {
    await collection.close()
  }
  return { bytes: Buffer.concat(pieces), unopened }
}

function flipped(file: Buffer, byte: number): Buffer {
  const changed = Buffer.from(file)
  changed[byte] = (changed[byte] ?? 0) ^ 1
  return changed
}
