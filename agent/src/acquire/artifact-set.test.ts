import type { Policy } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { newSystemHost } from '../collectors/system.fixture.ts'
import { type Acquiring, isArtifact } from './acquirer.ts'
import { artifactSet } from './artifact-set.ts'

const limits = { artifactBytes: 1_000_000, taskBytes: 10_000_000, artifacts: 100, depth: 2 }

const files = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\njdoe:x:1000:1000::/srv/jdoe/:/bin/sh\nnobody:x:9:9::/:/bin/false\n',
  '/etc/apt/sources.list': 's',
  '/etc/apt/sources.list.d/a.list': 'a',
  '/etc/apt/sources.list.d/b.txt': 'b',
  '/srv/jdoe/.bashrc': 'j',
  '/root/.bashrc': 'r',
  '/var/spool/cron/one': '1',
  '/var/spool/cron/x/two': '2',
  '/var/spool/cron/x/y/three': '3',
  '/var/spool/cron/x/y/z/four': '4',
  '/var/spool/cron/link': { link: '/etc/passwd' },
}

async function of(paths: string[], policy: Policy = {}) {
  const acquiring: Acquiring = {
    host: newSystemHost(files),
    signal: AbortSignal.timeout(10_000),
    limits,
    policy: () => policy,
    pace: async () => {},
  }
  const found: string[] = []
  for await (const one of artifactSet.acquire({ kind: 'artifact-set', sets: [{ name: 'Test', paths }] }, acquiring))
    found.push(isArtifact(one) ? one.path : `${one.path} (${one.why})`)
  return found
}

test('names and wildcards give the files that are there, each once, and nothing for those that are not', async () => {
  expect(
    await of(['/etc/apt/sources.list', '/etc/apt/*.list', '/etc/apt/sources.list.d/?.list', '/etc/none', '/etc/apt']),
  ).toEqual(['/etc/apt/sources.list', '/etc/apt/sources.list.d/a.list'])
})

test('two stars go three folders deep, or as many as they say, and follow no link', async () => {
  const cron = '/var/spool/cron'
  const link = `${cron}/link (link: ${cron}/link)`

  expect(await of([`${cron}/**`])).toEqual([link, `${cron}/one`, `${cron}/x/two`, `${cron}/x/y/three`])
  expect(await of([`${cron}/**1`])).toEqual([link, `${cron}/one`])
  expect(await of([`${cron}/**2/t*`])).toEqual([`${cron}/x/two`, `${cron}/x/y/three`])
})

test('the homes of all accounts are looked into; one that is private is named unless this host allows it', async () => {
  const paths = ['%%users.homedir%%/.bashrc']

  expect(await of(paths)).toEqual(['/root/.bashrc (not allowed on this host: home)', '/srv/jdoe/.bashrc'])
  expect(await of(paths, { allow: ['home'] })).toEqual(['/root/.bashrc', '/srv/jdoe/.bashrc'])
  expect(await of(['/root/*'])).toEqual(['/root (not allowed on this host: home)'])
})

test('what is no path of this system, or leads out of its folder, is named', async () => {
  expect(await of(['%%environ_systemroot%%\\x', '/etc/../root/.bashrc'])).toEqual([
    '%%environ_systemroot%%\\x (not-usable: no path of this system)',
    '/etc/../root/.bashrc (not-usable: leads out of its folder)',
  ])
})
