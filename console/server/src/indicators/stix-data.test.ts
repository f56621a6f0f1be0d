import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isMissing, pathOf } from '../decode/shared-data.fixture.ts'
import { codeOf } from '../index/refusal.fixture.ts'
import { readIndicators } from './read.ts'

const folder = 'ioc_stix21'
const textOf = (name: string) => readFileSync(pathOf(`${folder}/${name}`), 'utf8')

/** Patterns of a bundle, read without any of our code. */
function patternsOf(text: string): string[] {
  const { objects } = JSON.parse(text) as { objects: { type: string; pattern?: string }[] }
  return objects.flatMap(({ type, pattern }) => (type === 'indicator' && pattern !== undefined ? [pattern] : []))
}

/** Kinds of object in these files that a console observes. */
const observed = /^\[\s*(?:domain-name|ipv4-addr|file|url|email-addr)[^\]]*\]$/

describe.skipIf(isMissing(folder))('published STIX 2.1 (shared data):', () => {
  test.each([
    ['examples__indicator-for-c2-ip-address.json', 1],
    ['examples__indicator-to-campaign-relationship.json', 1],
    ['examples__malicious-email-indicator-with-attachment.json', 0],
    ['examples__threat-reports__apt1.json', 10],
    ['novispy.stix2', 11],
  ])('of %s every pattern of equal values is taken and every other one named', (name, plain) => {
    const text = textOf(name)
    const { recognised, refused } = readIndicators(text)
    const patterns = patternsOf(text)
    const equal = patterns.filter((pattern) => observed.test(pattern) && !/ AND | MATCHES /.test(pattern))

    expect(equal).toHaveLength(plain)
    const values = equal.flatMap((pattern) => [...pattern.matchAll(/=\s*'([^']*)'/g)].map(([, value = '']) => value))
    expect(recognised.map(({ value }) => value).sort()).toEqual(values.map((value) => value.toLowerCase()).sort())
    const others = patterns.filter((pattern) => !equal.includes(pattern))
    expect(refused.map(({ value }) => value)).toEqual(others)
  })

  test.each([
    'interop__indicator.json',
    'interop__sighting.json',
    'validator__invalid_comma.json',
    'validator__invalid_braces.json',
  ])('%s, which is no bundle or no JSON, is refused as a whole', (name) => {
    expect(codeOf(() => readIndicators(textOf(name)))).toBe('indicator-file-refused')
  })

  test('an object that says it was modified before it was created is refused by its id', () => {
    const { refused } = readIndicators(textOf('validator__invalid_timestamp.json'))

    expect(refused).toMatchObject([
      { value: expect.stringMatching(/^identity--/), why: expect.stringContaining('modified') },
    ])
  })
})
