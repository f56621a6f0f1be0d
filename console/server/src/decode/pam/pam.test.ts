import { describe, expect, test } from 'vitest'
import { pam } from './index.ts'

const decode = (text: string, program = 'sshd') => pam.decode(text, program)
const failure = 'authentication failure; logname= uid=0 euid=0 tty=ssh'

describe('who tried', () => {
  test('a refusal names account, address and terminal', () => {
    expect(decode(`pam_unix(sshd:auth): ${failure} ruser= rhost=192.0.2.7  user=root`)).toEqual({
      event: { category: ['authentication'], type: ['start'], outcome: 'failure', action: 'authentication-failed' },
      service: { name: 'sshd' },
      user: { name: 'root' },
      source: { address: '192.0.2.7', ip: '192.0.2.7' },
      tidewaiter: { module: 'pam_unix', terminal: 'ssh' },
    })
  })

  test('every form that PAM had is read', () => {
    const said = 'authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=192.0.2.7 user=mark'
    for (const [text, program] of [
      [`pam_unix(proftpd:auth): ${said}`, 'proftpd'],
      [`pam_unix(auth): ${said}`, 'proftpd'],
      [`pam_unix: ${said}`, 'proftpd'],
      [`(pam_unix) ${said}`, 'proftpd'],
      [said, 'proftpd(pam_unix)'],
    ] as const)
      expect(decode(text, program)).toMatchObject({
        service: { name: 'proftpd' },
        user: { name: 'mark' },
        source: { ip: '192.0.2.7' },
        tidewaiter: { module: 'pam_unix' },
      })
  })

  test('and so is its sentence where whatever passed it on left its name out', () => {
    const said = 'authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=192.0.2.7 user=mark'

    const message = decode(said, 'vsftpd')

    expect(message).toMatchObject({
      event: { outcome: 'failure' },
      source: { ip: '192.0.2.7' },
      user: { name: 'mark' },
    })
    expect(message?.tidewaiter).not.toHaveProperty('module')
    expect(decode('authentication failure; something else', 'vsftpd')).toBeUndefined()
  })

  test('a name that no account has stands as the remote user', () => {
    expect(decode(`pam_unix(vsftpd:auth): ${failure} ruser=an8767 rhost=host.example`, 'vsftpd')).toMatchObject({
      user: { name: 'an8767' },
      source: { domain: 'host.example' },
      tidewaiter: { remote_user: 'an8767' },
    })
    expect(decode(`pam_unix(sshd:auth): ${failure} ruser= rhost=192.0.2.7 `)).not.toHaveProperty('user')
  })

  test('further failures are counted', () => {
    expect(
      decode(`PAM 5 more ${failure.replace('failure', 'failures')} ruser= rhost=192.0.2.7  user=root`),
    ).toMatchObject({
      event: { outcome: 'failure' },
      source: { ip: '192.0.2.7' },
      tidewaiter: { attempts: 5 },
    })
  })

  test('a name that looks like an address is not believed', () => {
    expect(decode(`pam_unix(sshd:auth): ${failure} ruser= rhost=192.0.2.7  user=x rhost=203.0.113.9`)).toMatchObject({
      user: { name: 'x rhost=203.0.113.9' },
      source: { ip: '192.0.2.7' },
    })
    expect(decode(`pam_unix(ftp:auth): ${failure} ruser=x rhost=203.0.113.9 rhost=192.0.2.7`, 'ftp')).toMatchObject({
      tidewaiter: { remote_user: 'x rhost=203.0.113.9' },
      source: { ip: '192.0.2.7' },
    })
  })

  test('where both readings are possible neither is taken', () => {
    const message = decode(`pam_unix(ftp:auth): ${failure} ruser=x rhost=203.0.113.9  user=root rhost=192.0.2.7`, 'ftp')

    expect(message).toMatchObject({ event: { outcome: 'failure' }, tidewaiter: { doubt: expect.any(String) } })
    expect(message).not.toHaveProperty('user')
    expect(message).not.toHaveProperty('source')
  })
})

describe('sessions', () => {
  test('one begins for an account, by another', () => {
    expect(decode('pam_unix(sudo:session): session opened for user root(uid=0) by ana(uid=1001)', 'sudo')).toEqual({
      event: { category: ['session'], type: ['start'], action: 'session-opened' },
      user: { name: 'root', id: '0' },
      service: { name: 'sudo' },
      tidewaiter: { opened_by: { name: 'ana', id: '1001' } },
    })
    expect(decode('pam_unix(cron:session): session opened for user root by (uid=0)', 'CRON')).toMatchObject({
      user: { name: 'root' },
      service: { name: 'cron' },
      tidewaiter: { opened_by: { id: '0' } },
    })
  })

  test('one ends for an account', () => {
    expect(decode('pam_unix(login:session): session closed for user ana', 'login')).toEqual({
      event: { category: ['session'], type: ['end'], action: 'session-closed' },
      user: { name: 'ana' },
      service: { name: 'login' },
    })
  })
})

test('a changed password names the account it belongs to', () => {
  expect(decode('pam_unix(chpasswd:chauthtok): password changed for ana', 'chpasswd')).toMatchObject({
    event: { category: ['iam'], type: ['user', 'change'], action: 'password-changed' },
    user: { target: { name: 'ana' } },
  })
})

test('sentences that say why nobody came in are failures', () => {
  const of = (text: string) => decode(`pam_unix(sshd:account): ${text}`)

  expect(of('check pass; user unknown')).toMatchObject({ event: { action: 'user-unknown', outcome: 'failure' } })
  expect(of('account ana has expired (account expired)')).toMatchObject({
    event: { action: 'account-expired' },
    user: { name: 'ana' },
  })
  expect(of('requirement "uid >= 1000" not met by user "root"')).toMatchObject({
    event: { action: 'user-not-allowed' },
    user: { name: 'root' },
  })
})

test('what is no sentence of a module is left to others', () => {
  for (const text of [
    '',
    'pam_',
    'pam_unix(',
    'pam_unix(sshd:auth)',
    'pam_unix(sshd:auth): ',
    'pam_env(sshd:session): deprecated reading',
    'PAM adding faulty module',
    'session opened for user root',
  ])
    expect(decode(text)).toBeUndefined()
})
