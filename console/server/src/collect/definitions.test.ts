import { expect, test } from 'vitest'
import { isMissing, pathOf } from '../decode/shared-data.fixture.ts'
import { loadDefinitions, readDefinitions, setsOf } from './definitions.ts'

const folder = 'artifact_definitions'

test.skipIf(isMissing(folder))(
  'every definition of ForensicArtifacts loads, and a set names what it cannot give',
  async () => {
    const all = await loadDefinitions(pathOf(folder))

    expect(all.length).toBeGreaterThan(500)
    const { ask, unusable } = setsOf(all, ['BashShellConfigurationFile', 'APTSources'])
    expect(ask.sets.map(({ name }) => name)).toEqual(['BashShellConfigurationFile', 'APTSources'])
    expect(ask.sets[0]?.paths).toContain('%%users.homedir%%/.bashrc')
    expect(unusable.map(({ why }) => why)).toEqual(['FILE of Darwin', 'FILE of Windows'])
  },
)

const group = `name: Both
sources:
- type: ARTIFACT_GROUP
  attributes: {names: [One, Both]}
- type: COMMAND
  attributes: {cmd: id, args: []}
---
name: One
aliases: [Uno]
sources:
- type: FILE
  attributes: {paths: [/etc/one]}
`

test('a group gives its members, each once, also where it names itself; a command is named and never asked for', () => {
  expect(setsOf(readDefinitions(group, 'x.yaml'), ['Both', 'Uno'])).toEqual({
    ask: { kind: 'artifact-set', sets: [{ name: 'One', paths: ['/etc/one'] }] },
    unusable: [{ name: 'Both', why: 'COMMAND is nothing that is fetched as a file' }],
  })
})

test('what is no definition, or is not there, is refused by name', () => {
  expect(() => readDefinitions('name: [', 'x.yaml')).toThrow('input-malformed')
  expect(() => readDefinitions('name: One\n', 'x.yaml')).toThrow('input-malformed')
  expect(() => readDefinitions('a: &a [1]\nname: One\nsources: *a\n', 'x.yaml')).toThrow()
  expect(() => setsOf(readDefinitions(group, 'x.yaml'), ['Two'])).toThrow('not-found')
})
