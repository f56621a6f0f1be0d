import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Indicator, ObservableType, Sighting } from '@tidewaiter/protocol/api'
import { Compile } from 'typebox/schema'
import { expect, test } from 'vitest'
import { normalValue } from '../index/normal-value.ts'
import { readIndicators } from '../indicators/read.ts'
import type { PackageContent } from './content.ts'
import { stixBundle } from './stix.ts'
import { observableId } from './stix-id.ts'

const at = '2026-11-24T12:00:00.000Z'
const data = process.env.TIDEWAITER_DATA ?? join(import.meta.dirname, '../../../../../shared/data')
const schemas = join(data, 'stix21_schemas')
const isMissing = !existsSync(schemas)
if (isMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('data'))
  throw new Error(`TIDEWAITER_REQUIRE names data, and there is no ${schemas}`)

const values: [ObservableType, string][] = [
  ['ip', '203.0.113.77'],
  ['ip', '2001:db8:bad::77'],
  ['cidr', '203.0.113.0/24'],
  ['domain', 'cdn.cargo-docs.example'],
  ['url', 'http://cdn.cargo-docs.example/u?a=1'],
  ['sha256', '41047056c5bc583fc9688e71937af3cbcadfbed74eec14211424c629e4f49b3e'],
  ['sha1', '28c2f9ba916e45d6cb6fbe4ddbe04e779cb085cb'],
  ['md5', 'ea3704df6d9da3ce70aa54416e4ef5ed'],
  ['email', 'no-reply@cbp-entry-notice.example'],
  ['account', 'support_svc'],
  ['file-name', "o'brien.exe"],
  ['file-path', 'C:\\Windows\\Temp\\enc64.exe'],
  ['port', '4444'],
]

/** One indicator of each type, every other one sighted. */
function contentOf(): PackageContent {
  const indicators = values.map(([type, value], i) => indicatorOf(type, value, i))
  const sightings = indicators.filter((_, i) => i % 2 === 0).map(sightingOf)
  const state = {
    at,
    indicators,
    sightings,
    broker: { name: 'Halyard', filerCode: 'ZZZ' },
    cut: { ledger: 'c0ffee', size: 1, incidentRev: 1, audit: 1 },
  }
  // The bundle needs nothing else of a package.
  return {
    state,
    incident: { id: 'INC-1', openedAt: at },
    choice: { tlp: 'AMBER+STRICT' },
  } as unknown as PackageContent
}

function indicatorOf(type: ObservableType, value: string, number: number): Indicator {
  return {
    id: `i${number}`,
    type,
    value,
    source: 'CBP SOC',
    confidence: number % 3 === 0 ? 80 : null,
    tlp: number % 2 === 0 ? 'GREEN' : 'AMBER',
    validFrom: at,
    validUntil: number % 4 === 0 ? '2027-01-01T00:00:00.000Z' : null,
    note: '',
    addedAt: at,
    addedBy: 'a@b.example',
    expired: false,
    sightings: number % 2 === 0 ? 3 : 0,
    lastSightedAt: null,
  }
}

function sightingOf({ id, type, value, source }: Indicator): Sighting {
  return {
    id: `sighting of ${id}`,
    indicator: { id, type, value, source },
    observable: type === 'cidr' ? { type: 'ip', value: '203.0.113.9' } : { type, value },
    host: { id: 'a'.repeat(32), name: 'hcb-abi01' },
    firstAt: at,
    lastAt: at,
    count: 2_000_000_000,
    firstRecord: `${'a'.repeat(32)}/1/0`,
    lastRecord: `${'a'.repeat(32)}/2/0`,
  }
}

interface StixObject {
  type: string
  id: string
  [member: string]: unknown
}

function bundleOf(content: PackageContent): { objects: StixObject[] } {
  return JSON.parse([...stixBundle(content)].join(''))
}

test.skipIf(isMissing)('a bundle is what the OASIS schemas of STIX 2.1 ask for (shared data)', () => {
  const bundle = bundleOf(contentOf())
  const context = readSchemas()
  const check = (name: string, value: unknown) => {
    const [isGood, errors] = Compile(context, context[name] ?? false).Errors(value)
    return isGood ? [] : errors.map(({ instancePath, message }) => `${name} ${instancePath} ${message}`)
  }

  expect(check(nameOf('bundle'), bundle)).toEqual([])
  for (const object of bundle.objects) expect(check(nameOf(object.type), object)).toEqual([])
  const [broken] = bundle.objects.filter(({ type }) => type === 'indicator')
  expect(check(nameOf('indicator'), { ...broken, valid_from: 'yesterday' })).not.toEqual([])
  expect(check(nameOf('indicator'), { ...broken, id: 'indicator--1' })).not.toEqual([])

  function nameOf(type: string): string {
    return Object.keys(context).find((id) => id.endsWith(`/${type}.json`)) ?? type
  }
})

/** By their ids. Two of their patterns escape what the `u` of regular expressions does not let one escape. */
function readSchemas(): Record<string, { $id: string }> {
  const files = readdirSync(schemas, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  const read = files.map((name): { $id: string } =>
    JSON.parse(readFileSync(join(schemas, name), 'utf8').replaceAll('*\\\\-', '*-')),
  )
  return Object.fromEntries(read.map((schema) => [schema.$id, schema]))
}

test('our own reader of indicators takes every pattern back as the value it came from', () => {
  const { recognised, refused } = readIndicators([...stixBundle(contentOf())].join(''), 'stix')

  const read = new Set(recognised.map(({ type, value }) => `${type} ${value}`))
  expect(refused).toEqual([])
  for (const [type, value] of values) expect(read).toContain(`${type} ${normalValue(type, value)}`)
})

test('the same indicator has the same id in every package, and every reference leads to an object of the bundle', () => {
  const content = contentOf()
  const { objects } = bundleOf(content)
  const later = bundleOf({ ...content, state: { ...content.state, at: '2027-02-03T00:00:00.000Z' } })

  const ids = objects.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const kept = objects.filter(({ count }) => count !== 0).map(({ id }) => id)
  expect(later.objects.map(({ id }) => id)).toEqual(expect.arrayContaining(kept))
  const refs = objects.flatMap((object) => Object.entries(object).filter(([member]) => /_refs?$/.test(member)))
  for (const [, to] of refs) for (const id of [to].flat()) expect(ids).toContain(id)
})

test('what was looked for and not met is a sighting of count 0, and no count is over nine digits', () => {
  const { objects } = bundleOf(contentOf())
  const counts = objects.filter(({ type }) => type === 'sighting').map(({ count }) => count)

  expect(counts.filter((count) => count === 0)).toHaveLength(6)
  expect(counts.filter((count) => count === 999_999_999)).toHaveLength(7)
})

test('ids of observables are the ones the standard derives from their values', () => {
  // The examples of STIX 2.1 Errata 01, 2.9 and 6.4.
  const address = observableId('ipv4-addr', { value: '198.51.100.3' })
  const domain = observableId('domain-name', { value: 'example.com' })

  expect(address).toBe('ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4')
  expect(domain).toBe('domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7')
})
