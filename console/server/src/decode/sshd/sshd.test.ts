import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordedLines } from '../recorded.fixture.ts'
import { sshd } from './index.ts'

const decode = (text: string) => sshd.decode(text, 'sshd')
const recordedTexts = recordedLines('iso.log').flatMap((line) => / sshd\[\d+\]: (.*)$/.exec(line)?.[1] ?? [])

describe('sign-ins', () => {
  test('a key that was accepted is a success with its fingerprint', () => {
    const text = recordedTexts.find((line) => line.startsWith('Accepted publickey for ana from ::1'))

    expect(decode(text ?? '')).toEqual({
      event: { category: ['authentication'], type: ['start'], outcome: 'success', action: 'sign-in' },
      user: { name: 'ana' },
      source: { address: '::1', ip: '::1', port: expect.any(Number) },
      service: { name: 'sshd' },
      tidewaiter: {
        method: 'publickey',
        key: { type: 'ED25519', fingerprint: expect.stringMatching(/^SHA256:.{43}$/) },
      },
    })
  })

  test('a password that failed is a failure, and a name that is no account says so', () => {
    expect(decode('Failed password for invalid user admin from 192.0.2.7 port 46704 ssh2')).toEqual({
      event: { category: ['authentication'], type: ['start'], outcome: 'failure', action: 'sign-in' },
      user: { name: 'admin' },
      source: { address: '192.0.2.7', ip: '192.0.2.7', port: 46_704 },
      service: { name: 'sshd' },
      tidewaiter: { unknown_user: true, method: 'password' },
    })
  })

  test('every method is read, and what is not decided yet is neither success nor failure', () => {
    for (const method of ['password', 'none', 'keyboard-interactive/pam', 'hostbased', 'gssapi-with-mic', 'unknown'])
      expect(decode(`Failed ${method} for ana from 192.0.2.7 port 22 ssh2`)).toMatchObject({
        event: { outcome: 'failure' },
        tidewaiter: { method },
      })
    for (const verb of ['Postponed', 'Partial'])
      expect(decode(`${verb} publickey for ana from 192.0.2.7 port 22 ssh2 [preauth]`)).toMatchObject({
        event: { outcome: 'unknown' },
        tidewaiter: { method: 'publickey', preauth: true },
      })
  })

  test('the certificate of a user is read with the one who signed it', () => {
    const text =
      'Accepted publickey for ana from 192.0.2.7 port 22 ssh2: ED25519-CERT SHA256:abc ID ana from 203.0.113.9 port 22 ssh2 (serial 5) CA RSA SHA256:def'

    expect(decode(text)).toMatchObject({
      source: { ip: '192.0.2.7' },
      tidewaiter: {
        key: {
          type: 'ED25519-CERT',
          fingerprint: 'SHA256:abc',
          id: 'ana from 203.0.113.9 port 22 ssh2',
          serial: '5',
          authority: { type: 'RSA', fingerprint: 'SHA256:def' },
        },
      },
    })
  })

  test('remarks that begin like a sign-in are none', () => {
    for (const text of recordedTexts.filter((line) => line.startsWith('Accepted key')))
      expect(decode(text)).toBeUndefined()
    for (const text of [
      'Accepted',
      'Failed ',
      'Failed to release session for ana from 192.0.2.7',
      'User child is on pid 7',
    ])
      expect(decode(text)).toBeUndefined()
  })

  test('a refused name, too many attempts and an account that is not let in are failures with a reason', () => {
    expect(decode('Invalid user  from 192.0.2.68 port 34916')).toEqual({
      event: { category: ['authentication'], type: ['info'], outcome: 'failure', action: 'user-unknown' },
      source: { address: '192.0.2.68', ip: '192.0.2.68', port: 34_916 },
      service: { name: 'sshd' },
      tidewaiter: { unknown_user: true },
    })
    expect(
      decode('error: maximum authentication attempts exceeded for root from 192.0.2.7 port 22 ssh2 [preauth]'),
    ).toMatchObject({ event: { action: 'attempts-exceeded', outcome: 'failure' }, user: { name: 'root' } })
    expect(decode('User ana from host.example not allowed because listed in DenyUsers')).toMatchObject({
      event: { action: 'user-not-allowed', outcome: 'failure', reason: 'listed in DenyUsers' },
      user: { name: 'ana' },
      source: { domain: 'host.example' },
    })
    expect(decode('error: PAM: Authentication failure for ana from 192.0.2.7 via 192.0.2.1')).toMatchObject({
      event: { action: 'sign-in', outcome: 'failure', reason: 'Authentication failure' },
      source: { ip: '192.0.2.7' },
    })
  })
})

describe('names that are made to look like an address', () => {
  test('the name of a recorded attempt is not believed to be where it came from', () => {
    const hostile = recordedTexts.filter((line) => line.includes('203.0.113.9')).map(decode)

    expect(hostile.length).toBeGreaterThanOrEqual(4)
    for (const message of hostile)
      expect(message).toMatchObject({
        user: { name: 'admin from 203.0.113.9 port 4022 ssh2' },
        source: { ip: '127.0.0.1' },
      })
  })

  test('whatever name a client gives, the address is the one that sshd wrote', () => {
    // A colon ends the name for sshd, so that none is ever written.
    const part = fc.constantFrom(
      ' from ',
      ' port ',
      '22',
      'ssh2',
      '203.0.113.9',
      'invalid user ',
      ' ',
      'x',
      ' [preauth]',
    )
    const anyName = fc.oneof(
      fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary-ascii', maxLength: 60 }).map((text) => text.replaceAll(/[:\n]/g, '_')),
    )
    const forms: ((name: string, address: string) => string)[] = [
      (name, address) => `Failed password for invalid user ${name} from ${address} port 4022 ssh2`,
      (name, address) => `Failed publickey for invalid user ${name} from ${address} port 4022 ssh2: RSA SHA256:abc`,
      (name, address) => `Invalid user ${name} from ${address} port 4022`,
      (name, address) => `Connection closed by invalid user ${name} ${address} port 4022 [preauth]`,
      (name, address) => `Disconnected from authenticating user ${name} ${address} port 4022 [preauth]`,
      (name, address) =>
        `Disconnecting invalid user ${name} ${address} port 4022: Too many authentication failures [preauth]`,
      (name, address) =>
        `Disconnecting invalid user ${name} ${address} port 4022: Change of username or service not allowed: (${name},ssh-connection) -> (x,ssh-connection) [preauth]`,
      (name, address) =>
        `error: maximum authentication attempts exceeded for invalid user ${name} from ${address} port 4022 ssh2 [preauth]`,
    ]
    const addresses = fc.constantFrom('192.0.2.7', '2001:db8::7', '::1')
    fc.assert(
      fc.property(anyName, fc.constantFrom(...forms), addresses, (name, form, address) => {
        const message = decode(form(name, address))

        expect(message?.source).toEqual({ address, ip: address, port: 4022 })
        expect(message?.user ?? { name: '' }).toEqual({ name })
      }),
      { numRuns: 500 },
    )
  })

  test('what a client says when it leaves or instead of a banner names no address', () => {
    expect(
      decode('Received disconnect from 192.0.2.7 port 22:11: from 203.0.113.9 port 5:11: bye [preauth]'),
    ).toMatchObject({
      event: { code: '11', reason: 'from 203.0.113.9 port 5:11: bye' },
      source: { ip: '192.0.2.7', port: 22 },
    })
    expect(
      decode("Bad protocol version identification 'GET' from 203.0.113.9 port 1' from 192.0.2.7 port 22"),
    ).toMatchObject({ event: { reason: "GET' from 203.0.113.9 port 1" }, source: { ip: '192.0.2.7' } })
  })
})

describe('connections and sessions', () => {
  test('one that comes to nothing is a failure of the network, and no failed sign-in', () => {
    for (const text of [
      'Connection closed by 192.0.2.7 port 22 [preauth]',
      'Received disconnect from 192.0.2.7 port 22:11: Bye Bye [preauth]',
      'Received disconnect from 192.0.2.7 port 22:14: No supported authentication methods available',
      'Unable to negotiate with 192.0.2.7 port 22: no matching cipher found. Their offer: 3des-cbc',
      'Did not receive identification string from 192.0.2.7 port 22',
    ])
      expect(decode(text)).toMatchObject({ event: { category: ['network'], outcome: 'failure' } })
  })

  test('one that its client ends when all is done has no outcome', () => {
    for (const text of ['Connection closed by 192.0.2.7 port 22', 'Received disconnect from 192.0.2.7 port 22:11: bye'])
      expect(decode(text)?.event).not.toHaveProperty('outcome')
  })

  test('a connection begins with both ends and ends with one', () => {
    expect(decode('Connection from 2001:db8::7 port 62004 on 2001:db8::1 port 22 rdomain ""')).toEqual({
      event: { category: ['network'], type: ['connection', 'start'], action: 'connection-opened' },
      source: { address: '2001:db8::7', ip: '2001:db8::7', port: 62_004 },
      destination: { address: '2001:db8::1', ip: '2001:db8::1', port: 22 },
      network: { transport: 'tcp', protocol: 'ssh' },
      service: { name: 'sshd' },
    })
    expect(decode('Connection reset by 192.0.2.7 port 36768')).toMatchObject({ event: { action: 'connection-reset' } })
    expect(decode('Disconnected from user ana 192.0.2.7 port 36768')).toMatchObject({
      event: { category: ['network'], type: ['connection', 'end'] },
      user: { name: 'ana' },
    })
  })

  test('a connection that ends before its name was signed in is a sign-in that failed', () => {
    expect(decode('Connection closed by authenticating user root ::1 port 51844 [preauth]')).toMatchObject({
      event: { category: ['authentication', 'network'], type: ['connection', 'end'], outcome: 'failure' },
      user: { name: 'root' },
      source: { ip: '::1', port: 51_844 },
      tidewaiter: { preauth: true },
    })
  })

  test('a connection that was gone too early has no address, and none is made up', () => {
    const message = decode('Connection closed by UNKNOWN port 65535 [preauth]')

    expect(message?.event.action).toBe('connection-closed')
    expect(message).not.toHaveProperty('source')
  })

  test('words in the place of an address are none', () => {
    for (const text of [
      'Connection closed by remote host',
      'Connection closed by',
      'Disconnected from',
      'Connection from  port 22',
    ])
      expect(decode(text)).toBeUndefined()
    expect(decode('Failed password for ana from 192.0.2.7 port 99999 ssh2')).toBeUndefined()
  })

  test('sessions, dropped connections and the service itself are read as recorded', () => {
    const of = (start: string) => decode(recordedTexts.find((line) => line.startsWith(start)) ?? expect.fail(start))

    expect(of('Starting session: subsystem')).toMatchObject({
      event: { category: ['session'], type: ['start'] },
      user: { name: 'ana' },
      source: { ip: '127.0.0.1' },
      tidewaiter: { session: "subsystem 'sftp'" },
    })
    expect(of('drop connection')).toMatchObject({
      event: { type: ['connection', 'denied'], reason: 'past MaxStartups' },
      destination: { port: 2023 },
    })
    expect(of('banner exchange')).toMatchObject({ event: { action: 'protocol-refused', reason: 'invalid format' } })
    expect(of('Unable to negotiate')).toMatchObject({
      event: { reason: expect.stringContaining('no matching cipher') },
    })
    expect(of('Server listening on ::1')).toMatchObject({ server: { ip: '::1', port: 2022 } })
    expect(of('Received signal')).toMatchObject({ event: { type: ['end'], reason: 'signal 15' } })
  })
})

test('of the recorded sshd every message but its side remarks is read', () => {
  const unread = recordedTexts.filter((text) => !text.startsWith('pam_') && decode(text) === undefined)

  expect(new Set(unread.map((text) => text.replaceAll(/\d+|SHA256:.*|".*"/g, '')))).toEqual(
    new Set(['Accepted key ED ', 'User child is on pid ', 'error: beginning MaxStartups throttling']),
  )
})

describe('what older and patched releases say without an address', () => {
  test('is a refused protocol or a broken connection, and no failed sign-in', () => {
    for (const [text, action, reason] of [
      ['error: kex_exchange_identification: banner line too long', 'protocol-refused', 'banner line too long'],
      ['fatal: Unable to negotiate a key exchange method [preauth]', 'protocol-refused', undefined],
      ['fatal: no matching mac found: client hmac-md5 server hmac-sha1 [preauth]', 'protocol-refused', undefined],
      ['fatal: Read from socket failed: Broken pipe [preauth]', 'connection-reset', 'Broken pipe'],
    ] as const) {
      const message = decode(text)
      expect(message).toMatchObject({ event: { category: ['network'], outcome: 'failure', action } })
      if (reason !== undefined) expect(message?.event.reason).toBe(reason)
    }
  })

  test('and a stage of HPN names the client by what the server wrote first', () => {
    expect(decode('SSH: Server;Ltype: Authname;Remote: 192.0.2.7-1780;Name: x;Remote: 203.0.113.9-1;')).toMatchObject({
      event: { action: 'connection-stage' },
      source: { ip: '192.0.2.7', port: 1780 },
    })
    expect(decode('SSH: Server;Ltype: Authname;Remote: x-1780;Name: x')).toBeUndefined()
  })
})
