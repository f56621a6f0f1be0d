import {
  append,
  type Batch,
  emptyFrontier,
  entryOf,
  type Frontier,
  frontierRoot,
  hostIdOf,
  type SignedHead,
  signHead,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signWith } from '../keys/key-pair.ts'
import { compareWithHosts } from './against-hosts.ts'
import type { Comparing, Witness } from './comparison.ts'
import { newSealingHost } from './host.fixture.ts'
import { newLedgerKeys } from './ledger.fixture.ts'
import { consoleHostOf, originBatch } from './origin.ts'
import type { WalkedEntry } from './walk.ts'

const keys = newLedgerKeys()
const consoleHost = consoleHostOf(keys)
const [first, second] = ['a1', 'b2'].map((hex) => hex.repeat(16)) as [string, string]

test('a ledger fits what its hosts sealed, however they took turns', () => {
  fc.assert(
    fc.property(turns, (order) => {
      const { entries, newest } = grow(order)
      expect(compare(entries, [newest])).toMatchObject({
        difference: null,
        unnamed: [],
        holes: [],
        broken: [],
        claims: [],
      })
    }),
    { numRuns: 20 },
  )
})

test('an entry that is left out, changed or moved is found with every head signed again, and the place is named', () => {
  fc.assert(
    fc.property(turns, fc.nat(), fc.constantFrom('left out', 'changed', 'moved'), (order, pick, how) => {
      const { entries, newest } = grow(order)
      const at = pick % (entries.length - 1)
      const found = compare(forged(entries, at, how), [newest])
      expect(found.difference?.from).toBeLessThanOrEqual(at)
      expect(found.difference?.to).toBeGreaterThanOrEqual(at)
      expect(found.difference?.proof.length).toBeGreaterThan(0)
    }),
    { numRuns: 40 },
  )
})

test('where a host was shown every entry, the one that differs is named exactly, with the hosts that show it', () => {
  const { entries, heads, newest, hosts } = grow(Array.from({ length: 20 }, (_, i) => i % 2))

  // The batch that is left out was the one that witnessed the seven before it: somebody else has to hold that head.
  const seven: Witness = { head: heads[6] as SignedHead, by: 'a file', how: 'file' }
  const { difference, holes } = compare(forged(entries, 7, 'left out'), [newest, seven])

  expect(difference).toMatchObject({ from: 7, to: 7 })
  expect(new Set(difference?.proof.map(({ by }) => by))).toEqual(new Set(hosts.map(({ id }) => id)))
  expect(holes).toEqual([{ host: hosts[1]?.id, from: 4, to: 4 }])
})

test('a ledger that ends before what a connected host holds is found', () => {
  const { entries, newest } = grow([0, 1, 0, 1])

  expect(compare(entries.slice(0, 3), [newest]).difference).toMatchObject({ to: 3 })
})

test('a ledger that was restored is told from one that was rewritten: what was seen beyond it is counted', () => {
  const old = grow([0, 1, 0, 1, 0, 1])
  const restored = restore(old, 4)
  const found = compare(restored.entries, [old.newest, restored.newest])

  expect(found).toMatchObject({ difference: null, unnamed: [], ledger: second })
  expect(found.before).toMatchObject([{ ledger: first, size: 4, seen: 6 }])
})

test('a restored ledger whose restored part was rewritten is found all the same', () => {
  const old = grow([0, 1, 0, 1, 0, 1])
  const restored = restore({ ...old, entries: forged(old.entries, 1, 'changed') }, 4)

  expect(compare(restored.entries, [old.newest]).difference).toMatchObject({ from: 1, to: 1 })
})

test('a ledger that was begun with the keys alone says so, and another one that says nothing is named', () => {
  const old = grow([0, 1, 0])
  const rebuilt = restore({ ...old, entries: [] }, 0)
  const silent = rebuilt.entries.slice(1).map((entry, position) => ({ ...entry, position, isFirst: position === 0 }))

  expect(compare(rebuilt.entries, [old.newest])).toMatchObject({
    difference: null,
    unnamed: [],
    before: [{ ledger: null, seen: 3 }],
  })
  expect(compare(silent, [old.newest])).toMatchObject({ unnamed: [{ ledger: first, size: 3 }], before: [] })
})

test('a head that no key of the console signed is a claim of its host and contradicts nothing', () => {
  const { entries, newest } = grow([0, 1, 0])
  const root = new Uint8Array(32)
  const other = newLedgerKeys().pair
  const made = signHead({ ledger: first, size: 2, root, time: '2026-11-24T12:00:00.000Z' }, (data) =>
    signWith(other, data),
  )

  const claim: Witness = { head: made, by: 'ab'.repeat(16), how: 'connected' }
  expect(compare(entries, [newest, claim, { ...claim, head: { head: '{}', signature: '' } }])).toMatchObject({
    difference: null,
    claims: [{ by: claim.by, how: 'connected', heads: 2, newest: { ledger: first, size: 2 } }],
  })
})

test('a ledger written again under another ledger key leaves a claim with every host and file that holds what was before', () => {
  const old = grow(Array.from({ length: 20 }, (_, i) => i % 2))
  const files = old.heads.map((head, i): Witness => ({ head, by: `h${i}.head.json`, how: 'file' }))
  const other = newLedgerKeys().pair.publicKey
  const found = compareWithHosts({
    ...comparing(forged(old.entries, 7, 'left out'), [old.newest, ...files], old.hosts),
    ledgerKeys: [other],
  })

  expect(found).toMatchObject({ difference: null, unnamed: [], broken: [], fitting: 7 })
  const held = found.claims.filter(({ how }) => how !== 'file').map(({ by }) => by)
  expect(new Set(held)).toEqual(new Set(old.hosts.map(({ id }) => id)))
  expect(found.claims.filter(({ how }) => how === 'file')).toHaveLength(13)
})

test('an entry that its host did not sign is named', () => {
  const { entries, newest, hosts } = grow([0, 1, 0])
  const signature = (entries[2] as WalkedEntry).signature
  const changed = entries.map((entry, i) => (i === 0 ? { ...entry, signature } : entry))

  expect(compare(changed, [newest], hosts).broken).toEqual([0])
})

test('heads that are older than the roots in memory are compared in a second walk', () => {
  const { entries, newest, heads } = grow(Array.from({ length: 12 }, (_, i) => i % 2))
  const old = heads.map((head, i): Witness => ({ head, by: `file ${i}`, how: 'file' }))
  let walks = 0
  const walk = () => {
    walks += 1
    return forged(entries, 2, 'changed')
  }

  expect(compareWithHosts({ ...comparing([], []), walk, others: [...old, newest] }).difference).toMatchObject({
    from: 2,
    to: 2,
  })
  expect(walks).toBe(2)
})

const turns = fc.array(fc.nat(1), { minLength: 3, maxLength: 25 })

interface Grown {
  entries: WalkedEntry[]
  heads: SignedHead[]
  newest: Witness
  hosts: ReturnType<typeof newSealingHost>[]
}

/** A ledger into which two hosts seal, each with the newest head of all in its batch. */
function grow(order: readonly number[]): Grown {
  const hosts = [newSealingHost(), newSealingHost()]
  return goOn({ entries: [], heads: [], hosts, newest: undefined }, order, first)
}

function goOn(
  { entries: before, heads: known, hosts }: Omit<Grown, 'newest'> & { newest: Witness | undefined },
  order: readonly number[],
  ledger: string,
): Grown {
  const entries = [...before]
  const heads = [...known]
  for (const turn of order) {
    const host = hosts[turn] as Grown['hosts'][0]
    entries.push(entryFor(host.seal(['a line'], { witness: heads.at(-1) ?? null }), entries, ledger))
    heads.push(headOf(entries, ledger))
  }
  const newest: Witness = { head: heads.at(-1) as SignedHead, by: hosts[0]?.id ?? '', how: 'connected' }
  return { entries, heads, newest, hosts }
}

/** The first `size` entries, the entry that says so, and four more. */
function restore(old: Grown, size: number): Grown {
  const kept = old.entries.slice(0, size)
  const before = size === 0 ? null : headOf(kept, first)
  const batch = originBatch({ keys, ledger: second, tip: null, before, atMs: 0 })
  const entries = [...kept, entryFor(batch, kept, second)]
  return goOn({ ...old, entries, heads: old.heads }, [0, 1, 0, 1], second)
}

function entryFor({ headerBytes, signature }: Batch, before: readonly WalkedEntry[], ledger: string): WalkedEntry {
  const isFirst = before.at(-1)?.ledger !== ledger
  return {
    ledger,
    isFirst,
    position: before.length,
    receivedAtMs: 1000 + before.length,
    branch: null,
    headerBytes,
    signature,
  }
}

function headOf(entries: readonly WalkedEntry[], ledger: string): SignedHead {
  const frontier = entries.reduce<Frontier>(
    (grown, { position, receivedAtMs, headerBytes, signature }) =>
      append(
        nodePrimitives,
        grown,
        entryOf(nodePrimitives, {
          position,
          receivedAtMs,
          headerHash: Buffer.from(nodePrimitives.sha256(headerBytes)).toString('hex'),
          signature,
        }),
      ),
    emptyFrontier,
  )
  const root = frontierRoot(nodePrimitives, frontier)
  const time = '2026-11-24T12:00:00.000Z'
  return signHead({ ledger, size: frontier.size, root, time }, (data) => signWith(keys.pair, data))
}

function forged(entries: readonly WalkedEntry[], at: number, how: string): WalkedEntry[] {
  const changed = [...entries]
  const [one, two] = [changed[at] as WalkedEntry, changed[at + 1] as WalkedEntry]
  if (how === 'left out') changed.splice(at, 1)
  else if (how === 'changed') changed[at] = { ...one, receivedAtMs: one.receivedAtMs + 1 }
  else changed.splice(at, 2, two, one)
  return changed.map((entry, position) => ({ ...entry, position, isFirst: position === 0 || entry.isFirst }))
}

function comparing(entries: readonly WalkedEntry[], others: readonly Witness[], hosts: Grown['hosts'] = []): Comparing {
  const hostKeys = new Map(hosts.map(({ id, publicKey }) => [id, publicKey]))
  return { walk: () => entries, ledgerKeys: [keys.pair.publicKey], consoleHost, hostKeys, others }
}

function compare(entries: readonly WalkedEntry[], others: readonly Witness[], hosts: Grown['hosts'] = []) {
  return compareWithHosts(comparing(entries, others, hosts))
}

test('the id under which a console seals is that of its intake key', () => {
  expect(consoleHost).toBe(hostIdOf(nodePrimitives.sha256(keys.pair.publicKey)))
})
