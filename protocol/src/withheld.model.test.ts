import { expect, test } from 'vitest'
import { nodePrimitives as p } from '../node/primitives.ts'
import { chunkOf, fileHead, sealed } from '../vectors/evidence.ts'
import { hostKey } from '../vectors/keys.ts'
import { openBatch } from './batch.ts'
import { concat, equal, fromBase64, fromHex, toUtf8, writeUint64 } from './bytes.ts'
import { pathOf, treeOf } from './merkle.ts'
import { leafOf, saltOf } from './payload.ts'
import { checkProof, type Proof, prove } from './proof.ts'
import type { ChunkHead } from './record.ts'

/** A line of which everything is known but six digits. */
const lineOf = (digits: string) => `Nov 24 10:00:00 gate intake: importer 00-0${digits} filed entry ZZZ-0000123-4`
const secret = '139184'
const withheld = 6

const records = Array.from({ length: 13 }, (_, i) => toUtf8(lineOf(i === withheld ? secret : `${i}`.padStart(6, '0'))))
const batch = sealed([chunkOf(fileHead, records)])
const open = openBatch(p, batch)
const proofs = records.map((_, i) => prove(p, batch, open, i)).filter(({ index }) => index !== withheld)

test('From 12 disclosed records and their proofs, a withheld neighbour with a million possible values is not found by trying them all, and is found when the salt is removed; a proof whose source, position or time is changed fails', () => {
  expect(proofs.map((proof) => checkProof(p, proof, hostKey.publicKey).record)).toEqual(
    records.filter((_, i) => i !== withheld),
  )

  const neighbour = proofs.find(({ index }) => index === withheld + 1)!
  const leaf = fromHex(neighbour.path[0]!)!
  expect(tryAll(neighbour, fromHex(neighbour.salt)!, leaf)).toBeUndefined()

  expect(tryAll(neighbour, new Uint8Array(0), leafWithoutSalt(neighbour))).toBe(secret)
  // Who has the salt, and nobody else, finds it: so it is the salt alone that stood in the way.
  expect(tryAll(neighbour, saltOf(p, open.seed, withheld), leaf)).toBe(secret)

  for (const proof of proofs)
    for (const [name, changed] of Object.entries(changesOf(proof)))
      expect([name, codeOf(changed)]).toEqual([name, name.startsWith('header') ? 'signature-wrong' : 'proof-wrong'])
})

/**
 * The digits that make this leaf out of a line, tried one after the other by somebody who has a proof of the record
 * behind it: the chunk head and, since all lines are of one length, the position follow from there.
 */
function tryAll(behind: Proof, salt: Uint8Array, leaf: Uint8Array): string | undefined {
  const before = behind.position - (fromBase64(behind.record)!.length + 1)
  const position = new Uint8Array(8)
  writeUint64(position, 0, before)
  const line = lineOf('######')
  const guess = concat(Uint8Array.of(0), salt, p.sha256(toUtf8(behind.chunk)), position, toUtf8(line))
  const digitsAt = guess.length - line.length + line.indexOf('#')
  for (let value = 0; value < 1_000_000; value++) {
    for (let rest = value, i = 5; i >= 0; i--, rest = Math.floor(rest / 10)) guess[digitsAt + i] = 0x30 + (rest % 10)
    if (equal(p.sha256(guess), leaf)) return `${value}`.padStart(6, '0')
  }
  return undefined
}

/** What the same proof would show of the withheld record, were its leaves made without a salt. */
function leafWithoutSalt({ chunk, index }: Proof): Uint8Array {
  const headLine = toUtf8(chunk)
  const positions = open.chunks.flatMap((one) => [...one.positions])
  const leaves = records.map((record, i) =>
    leafOf(p, { salt: new Uint8Array(0), headLine, position: positions[i]!, record }),
  )
  return pathOf(treeOf(p, concat(...leaves)), index)[0]!
}

function changesOf(proof: Proof): Record<string, Proof> {
  const head = JSON.parse(proof.chunk) as ChunkHead
  const chunkWith = (values: Partial<ChunkHead>) => ({ ...proof, chunk: JSON.stringify({ ...head, ...values }) })
  return {
    source: chunkWith({ source: 'log-file:/var/log/secure' }),
    start: chunkWith({ start: { number: 4096 } }),
    'time read': chunkWith({ readAt: '2026-11-24T10:00:01.251Z' }),
    'file time': chunkWith({ fileModifiedAt: '2025-11-24T10:00:01.250Z' }),
    position: { ...proof, position: proof.position + 1 },
    'header time': { ...proof, header: proof.header.replace('10:00:06.250Z', '11:00:06.250Z') },
  }
}

function codeOf(proof: Proof): unknown {
  try {
    return checkProof(p, proof, hostKey.publicKey).id
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}
