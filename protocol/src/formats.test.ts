import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import { describe, expect, test } from 'vitest'
import { Header } from './batch.ts'
import { codes } from './error.ts'
import { Head } from './log.ts'
import { ActionLine, Citations, HeaderLine, HostCard, LedgerCard } from './package/evidence.ts'
import { hostFiles, payloadFiles, tagFiles } from './package/layout.ts'
import { packageLimits } from './package/limits.ts'
import { Policy } from './policy.ts'
import { Proof } from './proof.ts'
import { ChunkHead } from './record.ts'
import { Task } from './task.ts'
import { Token } from './token.ts'
import { EnrolRequest, enrolBytes, paths } from './wire/enrol.ts'
import { fromAgent, fromConsole } from './wire/frame.ts'
import { limits } from './wire/limits.ts'

const formats = sectionsOf('formats.md')
const packages = sectionsOf('package-format.md')

/** Sections of a document by the first words of their headings. */
function sectionsOf(file: string): (heading: string) => string {
  const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
  const sections = text.split(/^(?=##)/m)
  return (heading) => sections.find((section) => section.replace(/^#+ /, '').startsWith(heading)) ?? ''
}

/** Names of members that a section leaves out, at every depth. */
function missingIn(section: string, schema: TSchema): string[] {
  const known = new Set([...section.matchAll(/`([A-Za-z0-9]+)`/g)].map(([, name]) => name))
  return namesIn(schema).filter((name) => !known.has(name))
}

function namesIn(schema: TSchema): string[] {
  const {
    properties = {},
    anyOf = [],
    items,
  } = schema as {
    properties?: Record<string, TSchema>
    anyOf?: TSchema[]
    items?: TSchema
  }
  const inner = [...Object.values(properties), ...anyOf, ...(items === undefined ? [] : [items])]
  return [...Object.keys(properties), ...inner.flatMap(namesIn)]
}

describe('the documents name every member of', () => {
  const positions = formats('2. Sources')
  test.each<[string, string, TSchema]>([
    ['a chunk head', formats('3. Payload') + positions, ChunkHead],
    ['a header', formats('6. Batch') + positions, Header],
    ['a proof', formats('7. Proof'), Proof],
    ['a head', formats('9. Ledger'), Head],
    ['a token', formats('10. Enrolment'), Token],
    ['an enrolment request', formats('10. Enrolment') + formats('6. Batch'), EnrolRequest],
    ['a policy', formats('12. Policy'), Policy],
    ['a task', formats('12. Policy'), Task],
    ['ledger.json', packages('ledger.json') + formats('9. Ledger'), LedgerCard],
    ['host.json', packages('host.json') + formats('6. Batch'), HostCard],
    ['headers.ndjson', packages('headers.ndjson'), HeaderLine],
    ['70_actions.ndjson', packages('70_actions.ndjson'), ActionLine],
    [
      '20_incident_summary.json',
      packages('20_incident_summary.json').replace('`package.at`', '`package` `at`'),
      Citations,
    ],
  ])('%s', (_, section, schema) => {
    expect(section).not.toBe('')
    expect(missingIn(section, schema)).toEqual([])
  })

  test.each(Object.entries({ ...fromAgent, ...fromConsole }))('the control message %s', (type, schema) => {
    const section = formats('11. Connection')

    expect(section).toContain(`\`${type}\``)
    const others = ['6. Batch', '9. Ledger', '12. Policy', '14. Artifacts'].map(formats).join('')
    expect(missingIn(section + others, schema)).toEqual([])
  })
})

test('the documents have every code with its status and meaning, and no other', () => {
  const rows = [...formats('13. Codes').matchAll(/^\| `([a-z-]+)` *\| (\d+) *\| (.+?) *\|$/gm)]

  expect(
    Object.fromEntries(rows.map(([, code, status, meaning]) => [code, { status: Number(status), meaning }])),
  ).toEqual(codes)
})

test('the documents have the limits that the code has', () => {
  const written = (value: number) => value.toLocaleString('en-US')
  for (const [section, values] of [
    ['3. Payload', [limits.record, limits.records, limits.chunkHead - 1]],
    ['6. Batch', [limits.header, limits.raw, limits.payload, limits.records]],
    ['7. Proof', [limits.record, limits.records]],
    ['14. Artifacts', [limits.chunk, limits.artifact]],
    ['11. Connection', [limits.binaryFrame, limits.textFrame, limits.window]],
  ] as const)
    for (const value of values)
      expect([section, formats(section).includes(written(value)), value]).toEqual([section, true, value])
  expect(formats('6. Batch')).toContain(`length of signature at most ${limits.signature}`)
  expect(formats('10. Enrolment')).toContain(`at most ${enrolBytes / 1024} KiB`)
  const MiB = 1024 * 1024
  expect(packages('1. Container').replaceAll(/\s+/g, ' ')).toContain(
    `names ${packageLimits.name} bytes, ${written(packageLimits.files)} files, directory ${packageLimits.directory / MiB} MiB`,
  )
  for (const text of [
    `${packageLimits.card / 1024} KiB`,
    `${packageLimits.document / MiB} MiB`,
    `${packageLimits.line / MiB} MiB`,
    `${written(packageLimits.records)} records`,
  ])
    expect(packages('1. Container')).toContain(text)
})

test('the documents name every file of a package, and every path of the agent port', () => {
  for (const file of Object.values(tagFiles)) expect(packages('2. Bag')).toContain(`\`${file}\``)
  for (const file of Object.values(payloadFiles))
    expect(packages('3. Payload')).toContain(`\`${file.replace('data/', '')}\``)
  for (const file of Object.values(hostFiles)) expect(packages('3. Payload')).toContain(`\`${file}\``)
  for (const path of Object.values(paths)) expect(formats('10. Enrolment')).toContain(path)
})
