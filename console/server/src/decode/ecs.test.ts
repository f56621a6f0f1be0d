import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { databaseBytes, databaseNames, eventsOfDatabase } from './database.fixture.ts'
import type { Decoder, Event } from './decoder.ts'
import { fromDocs } from './from-docs.fixture.ts'
import { decoders } from './index.ts'
import { macosRecords } from './macos-rows.from-docs.fixture.ts'
import { eventsOf, recorded, recordedChunks, recordedLines, snapshotSources } from './recorded.fixture.ts'
import { eventsOfHive } from './registry/read.fixture.ts'
import { hiveBytes } from './registry-truth.fixture.ts'
import { isMissing, linesOf, namesBelow, pathOf } from './shared-data.fixture.ts'
import { signInLines } from './sign-in-lines.fixture.ts'
import { eventsOfFile, sample } from './srum/accuracy.fixture.ts'

/** ECS 9: types that are expected with a category (https://www.elastic.co/docs/reference/ecs, event.category). */
const expectedTypes: Readonly<Record<string, readonly string[]>> = {
  authentication: ['start', 'end', 'info'],
  email: ['info'],
  database: ['access', 'change', 'error', 'info'],
  configuration: ['access', 'change', 'creation', 'deletion', 'info'],
  driver: ['change', 'end', 'info', 'start'],
  file: ['access', 'change', 'creation', 'deletion', 'info'],
  host: ['access', 'change', 'end', 'info', 'start'],
  intrusion_detection: ['allowed', 'denied', 'info'],
  iam: ['admin', 'change', 'creation', 'deletion', 'group', 'info', 'user'],
  network: ['access', 'allowed', 'connection', 'denied', 'end', 'info', 'protocol', 'start'],
  package: ['access', 'change', 'deletion', 'info', 'installation', 'start'],
  process: ['access', 'change', 'end', 'info', 'start'],
  session: ['start', 'end', 'info'],
  web: ['access', 'error', 'info'],
}
const kinds = ['asset', 'event', 'metric', 'pipeline_error', 'state']

const all = recordedEvents()

test('every event has the fields that always stand in one', () => {
  for (const { event, message, tidewaiter } of all) {
    expect(event.dataset).toMatch(/^[a-z][a-z-]*$/)
    expect(kinds).toContain(event.kind)
    expect(event.category?.length).toBeGreaterThan(0)
    expect(event.type?.length).toBeGreaterThan(0)
    expect(message).toBeTypeOf('string')
    expect(tidewaiter.record).toMatch(/^.+\/\d+\/\d+$/)
  }
})

test('types are those that ECS expects with the categories', () => {
  for (const { event } of all) {
    const types = event.category?.flatMap((category) => expectedTypes[category] ?? [`no category ${category}`])
    expect(types).toEqual(expect.arrayContaining([...(event.type ?? [])]))
  }
})

test('sign-ins say how they ended, with a service, and text sources keep the exact record', () => {
  for (const { event, service } of all) {
    if (event.action === 'sign-in') expect(['success', 'failure', 'unknown']).toContain(event.outcome)
    if (['sshd', 'pam', 'sudo', 'su', 'shadow'].includes(event.dataset))
      expect(service).toEqual({ name: expect.any(String) })
    if (event.dataset !== 'utmp') expect(event.original).toBeTypeOf('string')
  }
})

const folders = [
  'auditd',
  'schema_ecs',
  'login_fail2ban',
  'authlog',
  'weblog',
  'windows_firewall',
  'zeek_logs_apt29',
  'windows_prefetch',
  'windows_lnk',
  'registry_hives',
]

/** Events of files that are records as a whole. */
function wholeEvents(): Event[] {
  return [
    ['prefetch', 'windows_prefetch/Win10__CMD.EXE-D269B812.pf'],
    ['shortcut', 'windows_lnk/sample10.lnk'],
    ['shortcut', 'windows_lnk/automaticDestinations-ms__9d1f905ce5044aee.automaticDestinations-ms'],
    ['scheduled-task', 'windows_tasks/T1053_005_WMI.xml'],
    ['scheduled-task', 'windows_tasks/wintask.job'],
  ]
    .flatMap(([id = '', name = '']) => eventsOf(decoderOf(id), [readFileSync(pathOf(name))]))
    .concat(eventsOfFile(sample()))
}

describe.skipIf(isMissing(...folders))('the schema of ECS 9 (shared data)', () => {
  test('knows every field that is not below tidewaiter', () => {
    const isHere = !isMissing(...folders)
    const known = new Map(
      isHere
        ? linesOf('schema_ecs/ecs_fields.csv').map((line) => [line.split(',')[3] ?? '', line.split(',')[4] ?? ''])
        : [],
    )
    const more = [
      ['syslog', 'authlog/elastic_auth_27Mar-7Apr.log'],
      ['syslog', 'login_fail2ban/sshd.log'],
      ['auditd', 'auditd/auparse__testdata__audit-rhel7.log'],
      ['auditd', 'auditd/testdata__normal.log'],
      ...['conn', 'dns', 'http', 'kerberos', 'smb_files', 'ssl', 'weird'].map((log) => [
        'zeek',
        `zeek_logs_apt29/day1_SCRANTON_${log}.log`,
      ]),
      ['windows-firewall', 'windows_firewall/pfirewall_first.log'],
      ['web-access', 'weblog/elastic_apache_17-18May2015.log'],
    ]
      .flatMap(([id = '', name = '']) => eventsOf(decoderOf(id), readFileSync(pathOf(name), 'latin1').split('\n')))
      .concat(historyEvents())

    const hives = [
      'regipy__SYSTEM.gz',
      'regf__SAM',
      'regf__NTUSER.DAT',
      'winreg__win10-Amcache.hve',
      'regipy__BCD.gz',
      'regipy__SECURITY.gz',
    ].flatMap((name) => eventsOfHive(hiveBytes(name)))
    const whole = isHere ? wholeEvents() : []
    const fields = new Set([...all, ...more, ...whole, ...hives].flatMap((event) => [...fieldsOf(event)]))
    // A flattened field holds whatever stands in it.
    const own = [...fields].filter((field) => !field.startsWith('log.syslog.structured_data.'))

    expect(own.filter((field) => !known.has(field))).toEqual([])
  })

  test('holds for whole files of Windows too', () => {
    for (const { event } of wholeEvents()) {
      expect(kinds).toContain(event.kind)
      const types = event.category?.flatMap((category) => expectedTypes[category] ?? [`no category ${category}`])
      expect(types).toEqual(expect.arrayContaining([...(event.type ?? [])]))
    }
  })
})

const histories = ['browser_history', 'macos']

describe.skipIf(isMissing(...histories))('what programs remember (shared data)', () => {
  test('has types that ECS expects with its categories', () => {
    for (const { event } of historyEvents())
      expect(event.category?.flatMap((category) => expectedTypes[category] ?? [`no category ${category}`])).toEqual(
        expect.arrayContaining([...(event.type ?? [])]),
      )
  })
})

function historyEvents(): Event[] {
  if (isMissing(...histories)) return []
  const lists = namesBelow('macos').filter((name) => /\.(plist|btm)$/.test(name))
  return [
    ...databaseNames.flatMap((name) => eventsOfDatabase(databaseBytes(name))),
    ...lists.flatMap((name) => eventsOf(decoderOf('plist'), [readFileSync(pathOf(name))])),
  ]
}

function recordedEvents(): Event[] {
  const syslog = ['iso.log', 'classic.log', 'rfc5424.log'].flatMap((name) =>
    eventsOf(decoderOf('syslog'), recordedLines(name)),
  )
  const journal = recorded('journal.export').toString('latin1').split('\n\n')
  const logins = ['wtmp', 'btmp', 'utmp'].flatMap((name) => {
    const bytes = recorded(name)
    return Array.from({ length: bytes.length / 384 }, (_, i) => bytes.subarray(i * 384, (i + 1) * 384))
  })
  const rows = snapshotSources.flatMap((source) =>
    recordedChunks(source).flatMap(({ head, records }) =>
      eventsOf(decoderOf(source), records, { head, context: { readAt: head.readAt } }),
    ),
  )
  const own = [
    'started',
    'stopped',
    'gap',
    'policy',
    'task-received',
    'task-refused',
    'task-answered',
    'artifact',
    'artifact-lost',
    'new-chain',
  ].map((kind) => JSON.stringify({ kind, at: '2026-11-25T19:00:00.000Z', code: 'x' }))
  return [
    ...syslog,
    ...eventsOf(
      decoderOf('journald'),
      journal.map((entry) => `${entry}\n`),
    ),
    ...eventsOf(decoderOf('utmp'), logins),
    ...rows,
    ...eventsOf(decoderOf('agent'), own),
    ...signInLines.flatMap(({ log, line }) => eventsOf(decoderOf(log), [line('ana')])),
    ...['postgresql-debian.log', 'postgresql.csv'].flatMap((name) =>
      eventsOf(decoderOf('postgresql'), recordedLines(name)),
    ),
    ...['general', 'slow', 'server-audit'].flatMap((name) =>
      eventsOf(decoderOf(`mysql-${name.replace('server-', '')}`), recordedLines(`mariadb-${name}.log`)),
    ),
    ...eventsOf(decoderOf('mysqld'), recordedLines('mariadb-error.log')),
    ...eventsOf(decoderOf('syslog'), recordedLines('netfilter.log')),
    ...eventsOf(decoderOf('syslog'), recordedLines('samba-audit.log')),
    ...eventsOf(decoderOf('samba-audit'), recordedLines('samba-auth.log')),
    ...eventsOf(decoderOf('pf'), recordedLines('pflog.txt')),
    ...Object.entries(fromDocs).flatMap(([id, lines]) => eventsOf(decoderOf(id), lines)),
    ...Object.entries(macosRecords).flatMap(([id, lines]) => eventsOf(decoderOf(id), lines)),
    ...eventsOf(decoderOf('text'), ['any line']),
  ]
}

function decoderOf(id: string): Decoder {
  return decoders.find((decoder) => decoder.id === id) ?? expect.fail(id)
}

/** Names of the leaves of a document. */
function* fieldsOf(value: object, prefix = ''): Generator<string> {
  for (const [name, member] of Object.entries(value)) {
    if (prefix === '' && name === 'tidewaiter') continue
    if (typeof member === 'object' && member !== null && !Array.isArray(member))
      yield* fieldsOf(member, `${prefix}${name}.`)
    else yield `${prefix}${name}`
  }
}
