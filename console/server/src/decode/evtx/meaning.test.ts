import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isMissing, linesOf, pathOf } from '../shared-data.fixture.ts'
import { toEvent } from '../windows-event/to-event.ts'
import type { Fields, WinEvent } from '../windows-event/win-event.ts'
import { liveEvents } from './accuracy.fixture.ts'

const read = (event: WinEvent) => toEvent(event, 'evtx', { record: 'host/1/0' })

function security(eventId: number, data: Fields, keywords = '0x8020000000000000'): WinEvent {
  return { channel: 'Security', provider: 'Microsoft-Windows-Security-Auditing', eventId, keywords, data }
}

function sysmon(eventId: number, data: Fields): WinEvent {
  return { channel: 'Microsoft-Windows-Sysmon/Operational', provider: 'Microsoft-Windows-Sysmon', eventId, data }
}

test('a failed sign-in says whose, from where and why', () => {
  expect(
    read(
      security(
        4625,
        {
          TargetUserSid: 'S-1-0-0',
          TargetUserName: 'administrator',
          TargetDomainName: '-',
          Status: '0xc000006d',
          SubStatus: '0xc0000064',
          LogonType: '3',
          IpAddress: '::ffff:10.0.0.5',
          IpPort: '50123',
          WorkstationName: 'KALI',
        },
        '0x8010000000000000',
      ),
    ),
  ).toMatchObject({
    message: '4625 An account failed to sign in: administrator from 10.0.0.5',
    event: {
      code: '4625',
      category: ['authentication'],
      type: ['start'],
      action: 'sign-in',
      outcome: 'failure',
      reason: 'no such user',
    },
    user: { name: 'administrator' },
    source: { ip: '10.0.0.5', port: 50_123, domain: 'KALI' },
    winlog: { logon: { type: 'Network', failure: { status: '0xc000006d', sub_status: '0xc0000064' } } },
    tidewaiter: { unknown_user: true },
  })
})

test('a sign-in succeeds, its end has no outcome, and one with other credentials is not decided', () => {
  const outcomeOf = (eventId: number) => read(security(eventId, { TargetUserName: 'ana' })).event.outcome

  expect([4624, 4634, 4647, 4648].map(outcomeOf)).toEqual(['success', undefined, undefined, 'unknown'])
})

test('Kerberos and NTLM say by their status how it ended, whatever the keywords say', () => {
  const ended = (eventId: number, Status: string) => {
    const { event } = read(security(eventId, { TargetUserName: 'ana@BROKER', Status }))
    return [event.outcome, event.reason]
  }

  expect(ended(4768, '0x0')).toEqual(['success', undefined])
  expect(ended(4768, '0x6')).toEqual(['failure', 'no such user'])
  expect(ended(4769, '0x20')).toEqual(['failure', 'ticket expired'])
  expect(ended(4771, '0x18')).toEqual(['failure', 'wrong password'])
  expect(ended(4776, '0xc000006a')).toEqual(['failure', 'wrong password'])
  expect(read(security(4769, { TargetUserName: 'ana@BROKER' })).user).toEqual({ name: 'ana', domain: 'BROKER' })
})

test('what was done to an account names who did it and to whom', () => {
  expect(
    read(security(4720, { SubjectUserName: 'admin', TargetUserName: 'ghost', TargetSid: 'S-1-5-21-1-2-3-1001' })),
  ).toMatchObject({
    message: '4720 A user account was added: ghost',
    event: { category: ['iam'], type: ['user', 'creation'], action: 'user-added', outcome: 'success' },
    user: { name: 'admin', target: { name: 'ghost', id: 'S-1-5-21-1-2-3-1001' } },
  })
  expect(
    read(
      security(4732, {
        TargetUserName: 'Administrators',
        MemberName: 'CN=Ruiz\\, Ana,OU=Staff',
        MemberSid: 'S-1-5-21-1',
      }),
    ),
  ).toMatchObject({
    event: { type: ['group', 'change'], action: 'group-member-added' },
    group: { name: 'Administrators' },
    user: { target: { name: 'Ruiz, Ana', id: 'S-1-5-21-1' } },
  })
})

test('a process of the Security log has its parent, with both numbers in hexadecimal', () => {
  expect(
    read(
      security(4688, {
        NewProcessId: '0x1a4',
        NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
        CommandLine: 'cmd /c whoami',
        ProcessId: '0x8',
        ParentProcessName: 'C:\\Windows\\explorer.exe',
        TargetUserName: '-',
      }),
    ),
  ).toMatchObject({
    process: {
      pid: 420,
      name: 'cmd.exe',
      executable: 'C:\\Windows\\System32\\cmd.exe',
      command_line: 'cmd /c whoami',
      parent: { pid: 8, name: 'explorer.exe' },
    },
  })
})

test('Sysmon tells of hashes, registry values, answers and both ends of a connection', () => {
  expect(
    read(sysmon(1, { Image: 'C:\\a\\b.exe', ProcessId: '7', Hashes: 'SHA256=AB,IMPHASH=CD,X=Y' })).process,
  ).toEqual({
    pid: 7,
    name: 'b.exe',
    executable: 'C:\\a\\b.exe',
    hash: { sha256: 'ab' },
    pe: { imphash: 'cd' },
  })
  expect(
    read(sysmon(13, { TargetObject: 'HKLM\\System\\Svc\\Start', Details: 'DWORD (0x00000004)' })).registry,
  ).toEqual({
    path: 'HKLM\\System\\Svc\\Start',
    hive: 'HKLM',
    key: 'System\\Svc',
    value: 'Start',
    data: { strings: ['DWORD (0x00000004)'] },
  })
  expect(
    read(sysmon(22, { QueryName: 'x.example', QueryResults: 'type:  5 y.example;::ffff:192.0.2.7;' })).dns,
  ).toEqual({
    question: { name: 'x.example' },
    resolved_ip: ['192.0.2.7'],
  })
  expect(
    read(
      sysmon(3, {
        Image: 'C:\\x.exe',
        SourceIp: '10.0.0.1',
        SourcePort: '5',
        DestinationIp: '192.0.2.9',
        DestinationPort: '443',
        Initiated: 'true',
      }),
    ),
  ).toMatchObject({
    message: '3 A connection was made: C:\\x.exe from 10.0.0.1 to 192.0.2.9',
    destination: { ip: '192.0.2.9', port: 443 },
    network: { direction: 'egress' },
  })
})

test('services, tasks, cleared logs, remote desktop and Defender are understood', () => {
  const userData = (fields: Fields) => ({ name: 'EventXML', fields })
  const sessions = 'Microsoft-Windows-TerminalServices-LocalSessionManager'
  const scheduler = 'Microsoft-Windows-TaskScheduler'
  const antivirus = 'Microsoft-Windows-Windows Defender'

  expect(
    read({
      channel: 'System',
      provider: 'Service Control Manager',
      eventId: 7045,
      userId: 'S-1-5-18',
      data: { ServiceName: 'evil', ImagePath: '"C:\\Program Files\\e.exe" -x' },
    }),
  ).toMatchObject({ service: { name: 'evil' }, file: { path: 'C:\\Program Files\\e.exe' }, user: { id: 'S-1-5-18' } })
  expect(
    read({
      channel: `${sessions}/Operational`,
      provider: sessions,
      eventId: 21,
      userData: userData({ User: 'BROKER\\ana', Address: '192.0.2.7' }),
    }),
  ).toMatchObject({
    event: { action: 'sign-in', outcome: 'success' },
    user: { name: 'ana', domain: 'BROKER' },
    source: { ip: '192.0.2.7' },
  })
  expect(
    read({
      channel: `${sessions}/Operational`,
      provider: sessions,
      eventId: 25,
      userData: userData({ User: 'ana', Address: 'LOCAL' }),
    }),
  ).not.toHaveProperty('source')
  expect(
    read({
      channel: `${scheduler}/Operational`,
      provider: scheduler,
      eventId: 106,
      data: { TaskName: '\\evil', UserContext: 'BROKER\\ana' },
    }),
  ).toMatchObject({ message: '106 A scheduled task was created: \\evil', user: { name: 'ana' } })
  expect(
    read({
      channel: `${antivirus}/Operational`,
      provider: antivirus,
      eventId: 1116,
      data: { 'Threat Name': 'Virus:EICAR', Path: 'containerfile:_C:\\a.zip; file:_C:\\a.zip->b.com' },
    }),
  ).toMatchObject({ event: { category: ['malware'] }, rule: { name: 'Virus:EICAR' }, file: { path: 'C:\\a.zip' } })
})

test('a number means nothing in another channel or by another provider', () => {
  const { event, message } = read({ ...security(4625, {}), channel: 'Application' })

  expect({ event, message }).toMatchObject({
    event: { category: ['host'] },
    message: 'Microsoft-Windows-Security-Auditing 4625',
  })
  expect(read({ ...security(4625, {}), provider: 'Anybody' }).event).not.toHaveProperty('action')
})

test('the text of a forwarded event is its message', () => {
  expect(read({ ...security(4624, {}), rendered: 'An account was successfully logged on.' }).message).toBe(
    'An account was successfully logged on.',
  )
})

/** ECS 9: types that are expected with a category (elastic.co/docs/reference/ecs, event.category). */
const expectedTypes: Readonly<Record<string, readonly string[]>> = {
  authentication: ['start', 'end', 'info'],
  configuration: ['access', 'change', 'creation', 'deletion', 'info'],
  file: ['access', 'change', 'creation', 'deletion', 'info'],
  host: ['access', 'change', 'end', 'info', 'start'],
  iam: ['admin', 'change', 'creation', 'deletion', 'group', 'info', 'user'],
  malware: ['info'],
  network: ['access', 'allowed', 'connection', 'denied', 'end', 'info', 'protocol', 'start'],
  process: ['access', 'change', 'end', 'info', 'start'],
  registry: ['access', 'change', 'creation', 'deletion'],
  session: ['start', 'end', 'info'],
}

describe.skipIf(isMissing('schema_ecs', 'evtx_attack', 'evtx_parser', 'sigma_regression'))(
  'real events (shared data)',
  () => {
    const all = isMissing('schema_ecs', 'evtx_attack', 'evtx_parser', 'sigma_regression')
      ? []
      : globSync(
          ['evtx_attack', 'evtx_parser', 'sigma_regression'].map((folder) => pathOf(`${folder}/**/*.evtx`)),
        ).flatMap((name) => liveEvents(readFileSync(name)))

    test('have no field that ECS does not know, but those of Winlogbeat and our own', () => {
      const known = new Set(linesOf('schema_ecs/ecs_fields.csv').map((line) => line.split(',')[3]))
      const fields = new Set(all.flatMap((event) => [...fieldsOf(event)]))

      expect([...fields].filter((field) => !known.has(field))).toEqual([])
    })

    test('have types that ECS expects with their categories', () => {
      for (const { event } of all)
        expect(event.category?.flatMap((category) => expectedTypes[category] ?? [])).toEqual(
          expect.arrayContaining([...(event.type ?? [])]),
        )
    })

    test('have a time with all its digits, a host, a code and a message', () => {
      for (const event of all) {
        expect(event['@timestamp']).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9}Z$/)
        expect(event).toMatchObject({
          host: { name: expect.any(String) },
          event: { code: expect.stringMatching(/^\d+$/) },
        })
        expect(event.message).not.toBe('')
      }
    })

    test('of failed sign-ins name the account', () => {
      const failed = all.filter(({ event }) => event.action === 'sign-in' && event.outcome === 'failure')

      expect(failed).toHaveLength(62)
      for (const { user } of failed) expect(user).toMatchObject({ name: expect.any(String) })
    })
  },
)

/** Names of the leaves of a document, without those below `winlog` and `tidewaiter`. */
function* fieldsOf(value: object, prefix = ''): Generator<string> {
  for (const [name, member] of Object.entries(value)) {
    if (prefix === '' && (name === 'tidewaiter' || name === 'winlog')) continue
    if (typeof member === 'object' && member !== null && !Array.isArray(member))
      yield* fieldsOf(member, `${prefix}${name}.`)
    else yield `${prefix}${name}`
  }
}
