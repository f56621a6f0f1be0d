import { expect, test } from 'vitest'
import { recordedLines } from '../recorded.fixture.ts'
import { shadow } from './index.ts'

const decode = (text: string, program = 'useradd') => shadow.decode(text, program)

test('a new account names its numbers, its home and its shell', () => {
  expect(decode('new user: name=ana, UID=1001, GID=1002, home=/home/ana, shell=/bin/bash, from=none')).toEqual({
    event: { category: ['iam'], type: ['user', 'creation'], action: 'user-added', outcome: 'success' },
    service: { name: 'useradd' },
    user: { target: { name: 'ana', id: '1001', group: { id: '1002' } } },
    tidewaiter: { home: '/home/ana', shell: '/bin/bash' },
  })
})

test('an account that could not be added is a failure', () => {
  expect(decode("failed adding user 'ana', exit code: 9")).toMatchObject({
    event: { action: 'user-added', outcome: 'failure' },
    user: { target: { name: 'ana' } },
  })
})

test('membership of a group names account, group and the one who changed it', () => {
  expect(decode("add 'ana' to group 'sudo'")).toMatchObject({
    event: { type: ['group', 'change'], action: 'group-member-added' },
    user: { target: { name: 'ana' } },
    group: { name: 'sudo' },
  })
  expect(decode('user ana removed by root from group adm', 'gpasswd')).toMatchObject({
    event: { action: 'group-member-removed' },
    user: { name: 'root', target: { name: 'ana' } },
    group: { name: 'adm' },
  })
  expect(decode('members of group filing set by root to ana,bruno', 'gpasswd')).toMatchObject({
    group: { name: 'filing' },
    tidewaiter: { members: ['ana', 'bruno'] },
  })
})

test('a change of name or number stands in the fields of ECS too', () => {
  expect(decode("change user name 'bruno' to 'bruno2'", 'usermod')).toMatchObject({
    event: { action: 'user-renamed' },
    user: { target: { name: 'bruno' }, changes: { name: 'bruno2' } },
  })
  expect(decode("change user 'svc-edi' UID from '999' to '0'", 'usermod')).toMatchObject({
    event: { action: 'user-changed' },
    user: { target: { name: 'svc-edi' }, changes: { id: '0' } },
    tidewaiter: { change: { field: 'UID', before: '999', after: '0' } },
  })
})

test('older releases quote with a grave accent', () => {
  expect(decode("delete user `bruno'", 'userdel')).toMatchObject({ event: { action: 'user-removed' } })
  expect(decode("add `ana' to group `wheel'", 'usermod')).toMatchObject({ group: { name: 'wheel' } })
})

test('every recorded sentence of the account tools is read, and what is done is told once', () => {
  const said = recordedLines('iso.log').flatMap((line) => {
    const match = / (\w+)\[\d+\]: (.*)$/.exec(line)
    const [, program = '', text = ''] = match ?? []
    return shadow.programs.includes(program) && !text.startsWith('pam_') ? [decode(text, program)] : []
  })
  const actions = said.map((message) => message?.event.action)

  expect(actions).not.toContain(undefined)
  expect(actions.filter((action) => action === 'user-added')).toHaveLength(4)
  expect(actions.filter((action) => action === 'user-removed')).toHaveLength(1)
  expect(actions.filter((action) => action === 'group-removed')).toHaveLength(3)
  expect(actions.filter((action) => action === 'group-renamed')).toHaveLength(1)
})

test('other sentences are left to others', () => {
  for (const text of [
    '',
    'new user',
    'pam_unix(chpasswd:chauthtok): password changed for ana',
    'x new user: name=ana, UID=1',
  ])
    expect(decode(text)).toBeUndefined()
})
