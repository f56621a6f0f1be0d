import { expect, test } from 'vitest'
import { decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { cron } from './index.ts'

const decode = (text: string, program = 'CRON') => cron.decode(text, program)

test('a job is a process of its account, started by cron', () => {
  const [event] = eventsOf(decoderById('syslog'), [
    'Nov 26 13:34:21 web CRON[7]: (www-data) CMD (  [ -x /usr/lib/php ] && /usr/lib/php (x))',
  ])

  expect(event).toMatchObject({
    event: { dataset: 'cron', category: ['process'], type: ['start'], outcome: 'success', action: 'job-started' },
    user: { name: 'www-data' },
    process: { command_line: '  [ -x /usr/lib/php ] && /usr/lib/php (x)', parent: { name: 'CRON', pid: 7 } },
  })
})

test('who changed whose table is an event of the configuration', () => {
  expect(decode('(root) REPLACE (ana)', 'crontab')).toEqual({
    event: { category: ['configuration'], type: ['change'], outcome: 'success', action: 'crontab-changed' },
    service: { name: 'crontab' },
    user: { name: 'root', target: { name: 'ana' } },
  })
  expect(decode('(root) DELETE (ana)', 'crontab')).toMatchObject({ event: { action: 'crontab-removed' } })
  expect(decode('(ana) AUTH (crontab command not allowed)', 'crontab')).toMatchObject({
    event: { outcome: 'failure', action: 'user-not-allowed' },
  })
})

test('a command that imitates another verb stays a command', () => {
  expect(decode('(ana) CMD (true) REPLACE (root)')).toMatchObject({ event: { action: 'job-started' } })
})

test('what is no such line is left as it stands', () => {
  for (const text of ['', '(CRON) STARTUP (fork ok)', 'pam_unix(cron:session): session closed for user root'])
    expect(decode(text)).toBeUndefined()
})
