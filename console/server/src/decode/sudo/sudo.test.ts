import { expect, test } from 'vitest'
import { recordedLines } from '../recorded.fixture.ts'
import { sudo } from './index.ts'

const decode = (text: string) => sudo.decode(text, 'sudo')
const recordedTexts = recordedLines('iso.log').flatMap((line) => / sudo: (.*)$/.exec(line)?.[1] ?? [])

test('a command that was run names who, as whom, where and what', () => {
  expect(
    decode('     ana : TTY=pts/0 ; PWD=/srv/two words ; USER=root ; GROUP=adm ; COMMAND=/usr/bin/tar -c a;b'),
  ).toEqual({
    event: { category: ['iam', 'process'], type: ['admin', 'start'], outcome: 'success', action: 'run-as' },
    service: { name: 'sudo' },
    user: { name: 'ana', effective: { name: 'root' }, target: { name: 'root' } },
    group: { name: 'adm' },
    started: {
      command_line: '/usr/bin/tar -c a;b',
      executable: '/usr/bin/tar',
      name: 'tar',
      working_directory: '/srv/two words',
    },
    tidewaiter: { terminal: 'pts/0' },
  })
})

test('wrong passwords are a failed authentication with their number', () => {
  const text = recordedTexts.find((line) => line.includes('incorrect password')) ?? ''

  expect(decode(text)).toEqual({
    event: {
      category: ['authentication', 'iam'],
      type: ['info'],
      outcome: 'failure',
      action: 'run-as',
      reason: '3 incorrect password attempts',
    },
    service: { name: 'sudo' },
    user: { name: 'ana', effective: { name: 'root' }, target: { name: 'root' } },
    tidewaiter: { attempts: 3, command_line: '/usr/bin/cat /etc/shadow' },
  })
})

test('who is not in sudoers is refused, and nothing was run', () => {
  const text = recordedTexts.find((line) => line.includes('NOT in sudoers')) ?? ''
  const message = decode(text)

  expect(message).toMatchObject({
    event: { category: ['iam'], outcome: 'failure', reason: 'user NOT in sudoers' },
    user: { name: 'bruno' },
  })
  expect(message).not.toHaveProperty('started')
})

test('every recorded line of sudo itself is read', () => {
  const own = recordedTexts.filter((text) => !text.startsWith('pam_'))

  expect(own.length).toBeGreaterThanOrEqual(8)
  for (const text of own) expect(decode(text)).toMatchObject({ event: { action: expect.stringMatching(/^run-as/) } })
})

test('a folder that looks like the fields after it makes nothing believed but who ran it', () => {
  const text = 'ana : TTY=pts/0 ; PWD=/tmp/x ; USER=bruno ; COMMAND=/bin/true ; USER=root ; COMMAND=/bin/sh'
  const message = decode(text)

  expect(message).toMatchObject({ user: { name: 'ana' }, tidewaiter: { terminal: 'pts/0', doubt: expect.any(String) } })
  expect(message?.user).not.toHaveProperty('target')
  expect(message).not.toHaveProperty('started')
})

test('what is not of the form of sudo is left to others', () => {
  for (const text of [
    '',
    ' : ',
    'ana',
    'ana : ',
    'ana : nothing known',
    'two words : USER=root ; COMMAND=/bin/sh',
    'unable to resolve host x : y',
  ])
    expect(decode(text)).toBeUndefined()
})
