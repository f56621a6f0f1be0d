import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { isMissing, pathOf, truthOf } from '../shared-data.fixture.ts'
import { openvpn } from './index.ts'

const decode = (text: string) => openvpn.decode(text, 'openvpn')

test('a name stands before the address once it is proven, and UNDEF is none', () => {
  expect(decode('192.0.2.7:52234 [UNDEF] Peer Connection Initiated with [AF_INET]192.0.2.7:52234')).not.toHaveProperty(
    'user',
  )
  expect(decode('ana/[2001:db8::7]:52234 SIGTERM[soft,remote-exit] received, client-instance exiting')).toMatchObject({
    event: { action: 'connection-closed' },
    user: { name: 'ana' },
    source: { ip: '2001:db8::7', port: 52234 },
  })
})

test('what the server says of itself is left as it stands', () => {
  for (const text of [
    'OpenVPN 2.6.3 x86_64-linux-gnu started',
    '',
    '192.0.2.7:52234 ',
    'Initialization Sequence Completed',
  ])
    expect(decode(text)).toBeUndefined()
})

describe.skipIf(isMissing('service_logs_crowdsec'))('a log of a real form (shared data)', () => {
  test('lines in which crowdsec finds a failure are failures of that address', async () => {
    const events: Event[] = await Array.fromAsync(decodeFile(pathOf('service_logs_crowdsec/openvpn/openvpn.log')))
    const truth = truthOf('service_logs_crowdsec').files.openvpn.meta_by_line
    const lines: [string, Record<string, string>][] = Object.entries(truth)

    expect(lines.length).toBeGreaterThanOrEqual(8)
    for (const [line, { source_ip }] of lines)
      expect([line, events[Number(line)]]).toEqual([
        line,
        expect.objectContaining({
          event: expect.objectContaining({ outcome: 'failure' }),
          source: expect.objectContaining({ ip: source_ip }),
        }),
      ])
    expect(events.filter(({ event }) => event.outcome === 'failure')).toHaveLength(lines.length)
    expect(events.at(-1)).toMatchObject({ event: { outcome: 'success' }, user: { name: 'client3' } })
  })
})
