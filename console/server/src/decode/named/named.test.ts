import { expect, test } from 'vitest'
import { named } from './index.ts'

const decode = (text: string) => named.decode(text, 'named')

test('a denied request names the client and what it asked for', () => {
  expect(
    decode(
      "client @0x7f7c95c76968 192.0.2.7#60683 (www.example): view external: query (cache) 'www.example/A/IN' denied",
    ),
  ).toEqual({
    event: { category: ['network'], type: ['protocol', 'denied'], outcome: 'failure', action: 'query-denied' },
    service: { name: 'named' },
    network: { protocol: 'dns' },
    source: { address: '192.0.2.7', ip: '192.0.2.7', port: 60683 },
    tidewaiter: { question: 'www.example/A/IN' },
  })
  expect(decode("client 192.0.2.7#53: update 'broker.example/IN' denied")).toMatchObject({
    event: { action: 'update-denied' },
  })
  expect(
    decode('client 192.0.2.7#53/key k: request has invalid signature: TSIG k: tsig verify failure (BADSIG)'),
  ).toMatchObject({
    event: { category: ['authentication'], outcome: 'failure' },
    source: { ip: '192.0.2.7' },
  })
})

test('a name that is asked for is not taken for a client', () => {
  const text = "client 192.0.2.7#53 (client 203.0.113.9#53): query 'client 203.0.113.9#1: query x/A/IN' denied"
  const { source } = decode(text) ?? {}

  if (source !== undefined) expect(source).toMatchObject({ ip: '192.0.2.7' })
})

test('what is no request is left as it stands', () => {
  for (const text of ['', 'zone www.example/IN: loaded serial 7', 'client 192.0.2.7#53: query: www.example IN A +'])
    expect(decode(text)).toBeUndefined()
})
