import { expect, test } from 'vitest'
import { nginx } from './index.ts'

const decode = (text: string) => nginx.decode(text, 'nginx')
const end = 'client: 192.0.2.7, server: www.example, request: "GET / HTTP/1.1", host: "www.example"'
const imitated = 'client: 203.0.113.9, server: x, request: "GET / HTTP/1.1", host: "x"'

test('a name that imitates the end of the line is a name', () => {
  const name = `ana": password mismatch, ${imitated}`

  expect(decode(`user "${name}" was not found in "/etc/nginx/.htpasswd", ${end}`)).toMatchObject({
    event: { action: 'user-unknown', outcome: 'failure' },
    user: { name },
    source: { ip: '192.0.2.7' },
  })
})

test('where a referrer could imitate it, neither name nor address is taken', () => {
  const message = decode(`user "ana": password mismatch, ${end}, referrer: "x", ${imitated}`)

  expect(message).toMatchObject({ event: { outcome: 'failure' }, tidewaiter: { doubt: expect.any(String) } })
  expect(message).not.toHaveProperty('source')
  expect(message).not.toHaveProperty('user')
})

test('a request that is only asked for a password has failed at nothing', () => {
  expect(decode(`no user/password was provided for basic authentication, ${end}`)?.event.outcome).toBe('unknown')
})

test('other trouble names its client, and trouble without one is left as it stands', () => {
  expect(decode(`connect() failed (111: Connection refused) while connecting to upstream, ${end}`)).toEqual({
    event: { category: ['web'], type: ['error'] },
    service: { name: 'nginx' },
    source: { address: '192.0.2.7', ip: '192.0.2.7' },
  })
  expect(decode('signal process started')).toBeUndefined()
})
