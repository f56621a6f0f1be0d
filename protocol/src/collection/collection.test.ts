import { generateKeyPairSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodePrimitives as p } from '../../node/primitives.ts'
import { type Batch, seal, type Tip } from '../batch.ts'
import { toBase64, toHex } from '../bytes.ts'
import type { Refusal } from '../error.ts'
import { hostIdOf } from '../record.ts'
import { kinKeyOf, kinStatement, sealEnd, sealOpening, toPart } from './parts.ts'
import { type CollectionPart, isCollection, readCollection } from './read.ts'
import type { CollectionOpening } from './shapes.ts'

const at = '2026-11-27T10:00:00.000Z'

test('a collection gives its opening, its batches and its end, however its bytes come', async () => {
  const { file } = collection(['one', 'two', 'three'])

  for (const size of [1, 7, 1000, file.length])
    expect((await partsOf(file, size)).map(briefly)).toEqual(['opening', 'batch 1', 'batch 2', 'batch 3', 'end true'])
})

test('a changed byte is named with the part it is in, and every other part stays', async () => {
  const { file, places } = collection(['one', 'two', 'three'])
  const [, second, third] = places
  // In the payload, which stands last in a part.
  const changed = flipped(file, (third ?? 0) - 1)

  const parts = await partsOf(changed)

  expect(parts.map(briefly)).toEqual(['opening', 'batch 1', 'damaged payload-digest-wrong', 'batch 3', 'end true'])
  expect(parts[2]).toMatchObject({ at: second, bytes: (third ?? 0) - (second ?? 0) })
  expect(parts[3]).toMatchObject({ missing: 1 })
})

test('a part whose length was changed is passed over to the next mark', async () => {
  const { file, places } = collection(['one', 'two', 'three'])
  const [, second = 0, third] = places
  for (const byte of [4, 5, 6, 7]) {
    const parts = await partsOf(flipped(file, second + byte))
    const malformed = expect.stringMatching(/^damaged (collection|batch)-malformed$/)
    expect(parts.map(briefly)).toEqual(['opening', 'batch 1', malformed, 'batch 3', 'end true'])
    expect(parts[2]).toMatchObject({ at: second, bytes: (third ?? 0) - second })
  }
})

test('a file that was cut off anywhere gives the parts that are whole, and says that it was', async () => {
  const { file, places, opened } = collection(['one', 'two', 'three'])
  for (let length = opened; length < file.length; length += 3) {
    const whole = places.filter((_, i) => (places[i + 1] ?? file.length) <= length).length
    const parts = (await partsOf(file.subarray(0, length))).map(briefly)
    expect(parts).toEqual(['opening', 'batch 1', 'batch 2', 'batch 3'].slice(0, Math.min(whole, 3) + 1).concat('cut'))
  }
})

test('what was sealed by somebody else, left out or put elsewhere is refused', async () => {
  const own = collection(['one', 'two', 'three'])
  const other = collection(['one'])
  const [one, two, three] = own.parts
  const build = (...parts: (Uint8Array | undefined)[]) =>
    Buffer.concat([own.opening, ...parts.filter((each) => each !== undefined)])

  expect((await partsOf(build(other.parts[0], own.end))).map(briefly)).toEqual([
    'opening',
    'damaged host-wrong',
    'end true',
  ])
  expect((await partsOf(build(one, one, two))).map(briefly)).toEqual([
    'opening',
    'batch 1',
    'damaged chain-fork',
    'batch 2',
    'cut',
  ])
  expect((await partsOf(build(one, three))).map(briefly)).toEqual(['opening', 'batch 1', 'batch 3', 'cut'])
  expect((await partsOf(build(other.end))).map(briefly)).toEqual(['opening', 'damaged signature-wrong', 'cut'])
  expect((await partsOf(build(own.end, one))).map(briefly)).toEqual([
    'opening',
    'end true',
    'damaged collection-malformed',
  ])
})

test('without a whole opening nothing of the file is believed', async () => {
  const { file, opened } = collection(['one'])
  for (let byte = 0; byte < opened; byte += 11) {
    const cause = await partsOf(flipped(file, byte)).then(
      () => undefined,
      (error: Refusal) => error.code,
    )
    expect(['collection-malformed', 'signature-wrong']).toContain(cause)
  }
  await expect(partsOf(Buffer.alloc(0))).rejects.toMatchObject({ code: 'collection-malformed' })
})

test('any bytes behind an opening are read in bounds, and nothing but a batch of its key comes out of them', async () => {
  const { opening } = collection([])
  const mark = fc
    .constantFrom('TWF1', 'TWB1', 'TWE1', 'TWF1\0\0\0\x20TWB1', '\0\0')
    .map((text) => Buffer.from(text, 'latin1'))
  const noise = fc.uint8Array({ maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(mark, noise), { maxLength: 60 }), async (pieces) => {
      const parts = await partsOf(Buffer.concat([opening, ...pieces]))
      expect(parts.filter(({ is }) => is === 'batch' || is === 'end')).toEqual([])
      expect(parts.at(-1)?.is).toBe('cut')
    }),
  )
  const marks = Buffer.concat([opening, Buffer.alloc(200_000, 'TWF1\0\0\0\x08TWB1....')])
  const parts = await partsOf(marks)
  expect(parts.length).toBeLessThan(1010)
  expect(parts.at(-1)).toMatchObject({
    is: 'damaged',
    says: expect.stringContaining('the rest of the file is not taken'),
  })
  const last = parts.at(-1)
  expect(last?.is === 'damaged' && last.at + last.bytes).toBe(marks.length)
})

test('the beginning of a collection is told from that of anything else', () => {
  const { file } = collection([])
  expect(isCollection(file.subarray(0, 16))).toBe(true)
  for (const other of [
    Buffer.alloc(0),
    file.subarray(0, 5),
    Buffer.from('TWF1aaaaTWB1....'),
    Buffer.from('PK\x03\x04............'),
  ])
    expect(isCollection(other)).toBe(false)
})

test('only the key of an enrolled host says that the collection was made on its machine', () => {
  const [own, agent, other] = [newKey(), newKey(), newKey()]
  const kinOf = (signed: ReturnType<typeof newKey>, startedAt = at) => ({
    host: agent.host,
    publicKey: toBase64(agent.publicKey),
    signature: toBase64(signed.sign(kinStatement({ host: own.host, startedAt }))),
  })

  expect(kinKeyOf(p, { ...openingOf(own), kin: kinOf(agent) })?.publicKey).toEqual(agent.publicKey)
  expect(kinKeyOf(p, { ...openingOf(own), kin: kinOf(other) })).toBeUndefined()
  expect(kinKeyOf(p, { ...openingOf(own), kin: kinOf(agent, '2026-11-27T10:00:01.000Z') })).toBeUndefined()
  expect(kinKeyOf(p, { ...openingOf(other), kin: kinOf(agent) })).toBeUndefined()
  expect(kinKeyOf(p, openingOf(own))).toBeUndefined()
})

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
  return { host: hostIdOf(p.sha256(spki)), publicKey: spki, sign: (data: Uint8Array) => p.signP256(pkcs8, data) }
}

type Key = ReturnType<typeof newKey>

function openingOf({ host, publicKey }: Key): CollectionOpening {
  const names = { name: 'desk-1', os: 'Debian', platform: 'linux', agent: '0.1.0' }
  return { tw: 'collection/1', host, publicKey: toBase64(publicKey), ...names, profile: 'triage', startedAt: at }
}

/** A file with one batch for each text. */
function collection(texts: readonly string[]) {
  const key = newKey()
  const opening = toPart(sealOpening(openingOf(key), key.sign))
  let tip: Tip | null = null
  const parts = texts.map((text, i) => {
    const batch = batchOf(key, { text, seq: i + 1, prev: tip?.headerHash ?? null })
    tip = { seq: i + 1, headerHash: batch.headerHash }
    return toPart(batch.bytes)
  })
  const newest = (tip as Tip | null)?.headerHash ?? null
  const counts = { batches: texts.length, records: texts.length, newest, sources: [], leftOut: 0 }
  const end = toPart(
    sealEnd({ tw: 'collection-end/1', host: key.host, ...counts, endedAt: at, complete: true }, key.sign),
  )
  let next = opening.length
  const places = [...parts, end].map(({ length }) => {
    next += length
    return next - length
  })
  return { file: Buffer.concat([opening, ...parts, end]), opening, parts, end, places, opened: opening.length }
}

function batchOf({ host, sign }: Key, { text, seq, prev }: { text: string; seq: number; prev: string | null }): Batch {
  const bytes = Buffer.from(`${text}\n`)
  const start = { number: seq }
  const head = { source: 'login:wtmp', start, readAt: at, method: 'file', unit: 'row', lf: true } as const
  const statement = {
    ...{ host, seq, prev, agent: '0.1.0', bootId: '', zone: 'UTC', utcOffset: 0, clockOffset: null },
    ...{ from: at, to: at, sealedAt: at, lost: [], witness: null },
    sources: [{ id: 'login:wtmp', first: start, next: { number: seq + 1 }, count: 1 }],
  }
  return seal(p, [{ head, lengths: [text.length], bytes }], { seed: randomBytes(32), statement, sign })
}

async function partsOf(file: Uint8Array, size = 4096): Promise<CollectionPart[]> {
  async function* pieces() {
    for (let from = 0; from < file.length; from += size) yield file.subarray(from, from + size)
  }
  const parts: CollectionPart[] = []
  for await (const part of readCollection(p, pieces())) parts.push(part)
  return parts
}

function briefly(part: CollectionPart): string {
  if (part.is === 'batch') return `batch ${part.batch.header.seq}`
  if (part.is === 'damaged') return `damaged ${part.code}`
  return part.is === 'end' ? `end ${part.end.complete}` : part.is
}

function flipped(file: Uint8Array, byte: number): Uint8Array {
  const changed = Uint8Array.from(file)
  changed[byte] = (changed[byte] ?? 0) ^ 1
  expect(toHex(p.sha256(changed))).not.toBe(toHex(p.sha256(file)))
  return changed
}
