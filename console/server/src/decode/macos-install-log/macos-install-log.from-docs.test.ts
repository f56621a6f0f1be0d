import { expect, test } from 'vitest'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'

/** Lines as macOS writes them, after those that guides to it quote; no log of a real Mac was found to be used. */
const lines = [
  '2024-04-16 18:27:14-07 MacBook-Pro installd[547]: Installed "Setup macOS Recovery Dependencies" ()',
  '2024-04-16 18:27:28-07 MacBook-Pro system_installd[557]: Installed "Updater" (2.0.0.1)',
  '2024-04-16 18:27:30+05:30 MacBook-Pro installd[547]: PackageKit: Executing script "./postinstall" in /private/tmp/PKInstallSandbox.lNRt00/Scripts/com.example.updater.nSM43R',
  '2024-04-16 18:27:31+0100 MacBook-Pro installd[547]: PackageKit: Install Failed: Error Domain=PKInstallErrorDomain Code=112 "An error occurred while running scripts."',
  '2024-04-16 18:27:32-07 MacBook-Pro Software Update Finder[601]: Reporting: {',
  '    "id" = 1;',
  '}',
]

test('what was installed is told with its version, and what failed with its reason', () => {
  expect(eventsOf(decoderById('macos-install-log'), lines)).toMatchObject([
    {
      '@timestamp': '2024-04-17T01:27:14Z',
      event: { dataset: 'macos-install-log', category: ['package'], type: ['installation'], outcome: 'success' },
      package: { name: 'Setup macOS Recovery Dependencies' },
      host: { name: 'MacBook-Pro' },
      process: { name: 'installd', pid: 547 },
    },
    { package: { name: 'Updater', version: '2.0.0.1' }, service: { name: 'system_installd' } },
    {
      '@timestamp': '2024-04-16T12:57:30Z',
      event: { action: 'install-script-run' },
      file: {
        path: '/private/tmp/PKInstallSandbox.lNRt00/Scripts/com.example.updater.nSM43R/postinstall',
        name: 'postinstall',
      },
    },
    { '@timestamp': '2024-04-16T17:27:31Z', event: { outcome: 'failure', reason: expect.stringMatching(/Code=112/) } },
    { process: { name: 'Software Update Finder', pid: 601 }, message: 'Reporting: {' },
    { message: '    "id" = 1;' },
    { message: '}' },
  ])
})

test('a log is told by its offset of hours, and lines of other daemons are not taken for one', () => {
  expect(decoderByContent(Buffer.from(`${lines.join('\n')}\n`)).id).toBe('macos-install-log')
  expect(
    decoderByContent(Buffer.from('2024-04-16T18:27:14-07:00 host sshd[5]: Server listening on :: port 22.\n')).id,
  ).toBe('syslog')
})

test('the same in lines of syslog, as up to macOS 10.12, means the same', () => {
  const [event] = eventsOf(decoderById('syslog'), ['Aug 25 10:45:41 mac installd[863]: Installed "Updater" (2.0)'])

  expect(event).toMatchObject({
    event: { dataset: 'macos-install-log', action: 'package-installed' },
    package: { version: '2.0' },
  })
})
