import { expect, test } from 'vitest'
import { su } from './index.ts'

const decode = (text: string) => su.decode(text, 'su')

test('a change of user names both, in the words of every su', () => {
  const changed = {
    event: { category: ['authentication', 'iam'], type: ['start', 'admin'], action: 'switch-user', outcome: 'success' },
    user: { name: 'ana', effective: { name: 'root' }, target: { name: 'root' } },
    service: { name: 'su' },
  }

  expect(decode('(to root) ana on pts/0')).toEqual({ ...changed, tidewaiter: { terminal: 'pts/0' } })
  expect(decode('(to root) ana on none')).toEqual(changed)
  expect(decode('Successful su for root by ana')).toEqual(changed)
  expect(decode('ana to root on /dev/pts/0')).toEqual({ ...changed, tidewaiter: { terminal: 'pts/0' } })
})

test('one that was refused is a failure', () => {
  for (const text of [
    'FAILED SU (to root) bruno on pts/0',
    'FAILED su for root by bruno',
    'BAD SU bruno to root on /dev/pts/0',
  ])
    expect(decode(text)).toMatchObject({
      event: { outcome: 'failure' },
      user: { name: 'bruno', target: { name: 'root' } },
    })
})

test('what shadow says a second time and what is no change of user is left to others', () => {
  for (const text of [
    '+ /dev/pts/0 ana:root',
    '- /dev/pts/0 ana:root',
    'pam_unix(su:session): session closed for user root',
    '',
  ])
    expect(decode(text)).toBeUndefined()
})
