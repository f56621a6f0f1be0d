import { expect, test } from 'vitest'
import type { Event } from './decoder.ts'
import { decoderByContent, decoderById } from './index.ts'
import { macosRecords, type macosRows } from './macos-rows.from-docs.fixture.ts'
import { eventsOf } from './recorded.fixture.ts'

function read(source: keyof typeof macosRows): Event[] {
  return eventsOf(decoderById(source), macosRecords[source] ?? [])
}

test('what a Mac says of a password is no password', () => {
  expect(read('account')[1]).toMatchObject({
    message: 'password of ana: elsewhere, locked',
    user: { name: 'ana' },
    tidewaiter: {
      ...{ password_changed: '2025-10-09T08:53:20Z', failed_sign_ins: 3, last_failed_sign_in: '2025-10-09T08:55:00Z' },
      ...{ authentication: ['ShadowHash', 'DisabledUser'], password_locked: true },
    },
  })
})

test('a job of launchd names its file, what runs and as whom', () => {
  const [job, odd, loaded, waiting, hook] = read('autorun')

  expect(job).toMatchObject({
    event: { action: 'launchd-job-seen', category: ['configuration'] },
    message: 'com.example.agent: /opt/agent --quiet',
    service: { name: 'com.example.agent' },
    process: { executable: '/opt/agent', command_line: '/opt/agent --quiet', hash: { sha256: 'cd'.repeat(32) } },
    file: { path: '/Library/LaunchDaemons/com.example.agent.plist', hash: { sha256: 'ab'.repeat(32) } },
    user: { name: 'root' },
    tidewaiter: { when: ['RunAtLoad=true'], environment: ['TOKEN'] },
  })
  expect(odd).toMatchObject({
    message: '/Library/LaunchAgents/odd.plist',
    tidewaiter: { why: 'it holds no properties' },
  })
  expect(loaded).toMatchObject({ message: 'com.example.agent', process: { pid: 412 } })
  expect(waiting?.process).toBeUndefined()
  expect(hook).toMatchObject({ message: 'LoginHook: /tmp/hook.sh', process: { executable: '/tmp/hook.sh' } })
})

test('applications, installs and updates are packages', () => {
  expect(read('software').map(({ message, package: named }) => [message, named])).toEqual([
    ['Tool 1.2', { name: 'Tool', version: '1.2', path: '/Applications/Tool.app', type: 'app' }],
    [
      'XProtectPayloads 133 was installed',
      { name: 'XProtectPayloads', version: '133', installed: '2026-11-01T10:00:00Z' },
    ],
    ['macOS 14.6 waits for 14.6', { name: 'macOS 14.6' }],
    ['updates were last asked for on 2026-11-26', undefined],
  ])
})

test('extensions are drivers', () => {
  expect(read('kernel')).toMatchObject([
    { event: { category: ['driver'] }, tidewaiter: { module: { name: 'com.example.driver', version: '1.0.2' } } },
    { event: { category: ['driver'] }, tidewaiter: { extension: { team: 'ABCDE12345', state: 'activated enabled' } } },
  ])
})

test('name servers can be searched for, and what is no address is none', () => {
  const [route, names, firewall] = read('network-setting')

  expect(route).toMatchObject({ message: 'default via 192.0.2.1 dev en0' })
  expect(names?.related).toEqual({ ip: ['192.0.2.53'] })
  expect(firewall).toMatchObject({ tidewaiter: { enabled: true } })
})

test('a state is on or off only where a program says so', () => {
  const events = read('protection')

  expect(events.slice(0, 4).map(({ tidewaiter }) => tidewaiter.enabled)).toEqual([true, false, false, undefined])
  expect(events[4]).toMatchObject({ message: 'XProtect 5284', package: { name: 'XProtect', version: '5284' } })
  expect(events[5]).toMatchObject({
    message: 'certificate of O=Broker, CN=ca.example, valid until 2027-11-27',
    file: {
      path: '/Library/Keychains/System.keychain',
      x509: { serial_number: '7D99', not_after: '2027-11-27T14:33:01.000Z' },
    },
  })
})

test('files of such rows are told by their content, and of one that ended its identity is enough', () => {
  for (const [source, lines] of Object.entries(macosRecords)) {
    if (source === 'process') continue
    expect(decoderByContent(Buffer.from(`${lines.join('\n')}\n`))?.id).toBe(source)
  }
  const head = { pass: { number: 2, rows: 9, holds: 'ended' } } as const
  const ended = { kind: 'launchd-job', path: '/Library/LaunchDaemons/x.plist' }
  expect(eventsOf(decoderById('autorun'), [JSON.stringify(ended)], { head })[0]?.event).toMatchObject({
    action: 'launchd-job-removed',
  })
})
