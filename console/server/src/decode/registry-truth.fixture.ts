import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Accuracy } from './accuracy.fixture.ts'
import type { Event } from './decoder.ts'
import { recorded } from './recorded.fixture.ts'
import { baseBlockBytes, readBaseBlock } from './registry/base-block.ts'
import { deletedOf } from './registry/deleted.ts'
import { layoutOf } from './registry/free-cells.ts'
import { type Hive, hiveOf, isDamage } from './registry/hive.ts'
import { keyNodeAt } from './registry/key-node.ts'
import { eventsOfHive } from './registry/read.fixture.ts'
import { dataOf, valuesOf } from './registry/value.ts'
import { walk } from './registry/walk.ts'
import { bytesOf } from './shared-data.fixture.ts'

/** Of each hive what libhivex reads in it, as `fixtures/registry-truth.py` says. */
interface HiveTruth {
  keys: number
  values: number
  groups: string
}

const truth: Readonly<Record<string, HiveTruth>> = JSON.parse(recorded('registry-truth.json').toString())

/** What reglookup-recover finds in free cells, as `fixtures/registry-deleted.sh` says. */
const deletedTruth = recorded('registry-deleted.txt').toString().trimEnd().split('\n')

/** The bytes of a hive of shared data, unpacked. */
export function hiveBytes(name: string): Buffer {
  const bytes = bytesOf(`registry_hives/${name}`)
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

/** Keys and values of all hives. Those of a group of which one differs all count as wrong. */
export function hiveAccuracy(): Accuracy {
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const [name, { keys, values, groups }] of Object.entries(truth)) {
    const expected = groups.split(' ')
    const found = groupsOf(hiveBytes(name))
    const right = found
      .filter((lines, group) => hashOf(lines) === expected[group])
      .reduce((all, lines) => all + lines.length, 0)
    const all = found.reduce((count, lines) => count + lines.length, 0)
    sum.records += keys + values
    sum.right += right
    sum.wrong += all - right
    sum.missed += Math.max(0, keys + values - all)
  }
  return sum
}

function groupsOf(bytes: Buffer): string[][] {
  const base = readBaseBlock(bytes)
  const hive = hiveOf(bytes, base ?? { minor: 0, binsBytes: 0 })
  const root = keyNodeAt(hive, base?.root ?? 0)
  const groups = Array.from({ length: 64 }, (): string[] => [])
  if (isDamage(root)) return groups
  const below = () => ''
  for (const { node, path } of walk(hive, { root, path: '', seen: '', below })) {
    const group = (createHash('sha256').update(path).digest()[0] ?? 0) % 64
    groups[group]?.push(`${path}\t${node.writtenAt ?? ''}`)
    for (const value of valuesOf(hive, node).values)
      groups[group]?.push([path, value.name, value.type, dataText(hive, value)].join('\t'))
  }
  return groups
}

function dataText(hive: Hive, value: Parameters<typeof dataOf>[1]): string {
  const data = dataOf(hive, value)
  return isDamage(data) ? data.code : data.toString('hex')
}

function hashOf(lines: readonly string[]): string {
  const sorted = lines.map((line) => Buffer.from(line)).sort(Buffer.compare)
  return createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 8)
}

/** Keys and values in free cells of all hives, by their places. */
export function deletedAccuracy(): Accuracy {
  const found = Object.keys(truth).flatMap(deletedIn)
  const right = found.filter((line) => deletedTruth.includes(line)).length
  return {
    records: deletedTruth.length,
    right,
    wrong: found.length - right,
    missed: deletedTruth.filter((line) => !found.includes(line)).length,
  }
}

function deletedIn(name: string): string[] {
  const bytes = hiveBytes(name)
  const hive = hiveOf(bytes, readBaseBlock(bytes) ?? { minor: 0, binsBytes: 0 })
  // Values of a deleted key are told with it, and stand alone in the truth.
  return [...deletedOf(hive, layoutOf(hive), '')].flatMap((found) =>
    found.is === 'key'
      ? [lineOf(name, found.node.offset, 'KEY'), ...found.values.map(({ offset }) => lineOf(name, offset, 'VALUE'))]
      : [lineOf(name, found.value.offset, 'VALUE')],
  )
}

function lineOf(name: string, offset: number, kind: string): string {
  return `${name} ${(baseBlockBytes + offset).toString(16).toUpperCase().padStart(8, '0')} ${kind}`
}

/** Accounts and members of groups as chntpw's tools read them, as `fixtures/registry-accounts.sh` says. */
export function accountAccuracy(): Accuracy {
  const expected = recorded('registry-accounts.txt').toString().trimEnd().split('\n')
  const found = ['regf__SAM', 'ez__SAM_DUPENAME'].flatMap((name) =>
    eventsOfHive(hiveBytes(name)).flatMap((event) => [...accountLine(name, event), ...memberLines(name, event)]),
  )
  const right = found.filter((line) => expected.includes(line)).length
  return {
    records: expected.length,
    right,
    wrong: found.length - right,
    missed: expected.filter((line) => !found.includes(line)).length,
  }
}

/** Control bits that have a word here; the tools add one of their own. */
const bits: Readonly<Record<string, number>> = {
  disabled: 0x1,
  'password not required': 0x4,
  'normal account': 0x10,
  'password never expires': 0x200,
}

function accountLine(name: string, { event, user, tidewaiter }: Event): string[] {
  if (event.action !== 'account-found') return []
  const { rid, flags } = tidewaiter.account as { rid: number; flags: string[] }
  const control = flags.reduce((sum, flag) => sum | (bits[flag] ?? 0), 0)
  return [`account ${name} ${hex(rid).padStart(4, '0')} ${(user as { name: string }).name} ${hex(control)}`]
}

function memberLines(name: string, { event, group, tidewaiter }: Event): string[] {
  if (event.action !== 'group-found') return []
  const { members } = tidewaiter.group as { members: string[] }
  const { id } = group as { id: string }
  return members.map((sid) => `member ${name} ${hex(Number(id))} ${sid}`)
}

const hex = (value: number) => value.toString(16)

/** Owners and classes of keys by their counts, as `fixtures/registry-owners.sh` says. */
export function ownerAccuracy(): Accuracy {
  const expected = recorded('registry-owners.txt').toString().trimEnd().split('\n')
  const found = Object.keys(truth).flatMap(ownerLines)
  const right = found.filter((line) => expected.includes(line)).length
  return {
    records: expected.length,
    right,
    wrong: found.length - right,
    missed: expected.filter((line) => !found.includes(line)).length,
  }
}

function ownerLines(name: string): string[] {
  const counts = new Map<string, number>()
  const count = (what: unknown, kind: string) => {
    if (typeof what === 'string')
      counts.set(`${kind} ${name} ${what}`, (counts.get(`${kind} ${name} ${what}`) ?? 0) + 1)
  }
  for (const { tidewaiter } of eventsOfHive(hiveBytes(name))) {
    // A key with many values is told in parts.
    if (tidewaiter.part !== undefined) continue
    count(tidewaiter.owner, 'owner')
    count(tidewaiter.class, 'class')
  }
  return [...counts].map(([line, number]) => `${line} ${number}`)
}
