import type { Accuracy } from '../accuracy.fixture.ts'
import { keyOf, namesByEnds } from './accuracy.fixture.ts'

/** The one flow of a capture that Zeek is tested with. */
interface ZeekFlow {
  file: string
  l4: string
  ends: readonly [string, string]
  /** What Zeek's test asks for; undefined for a control of a protocol that has no name. */
  name?: string
}

/**
 * By the tests of zeek/zeek that read these captures: protocols away from their port
 * (scripts/base/protocols/http/http-lower-case, quic/quicv2-echo-dpd-custom-port), on it (ssh/curve25519_kex, single-conn)
 * and a greeting in words that is no protocol (port4242, port4243).
 */
const flows: readonly ZeekFlow[] = [
  {
    file: 'http__http-lower-case-nonstandard-port',
    l4: 'TCP',
    ends: ['127.0.0.1 49742', '127.0.0.1 1234'],
    name: 'http',
  },
  {
    file: 'quic__quicv2-echo-dpd-custom-port-4433',
    l4: 'UDP',
    ends: ['127.0.0.1 49320', '127.0.0.1 4433'],
    name: 'quic',
  },
  { file: 'ssh__single-conn', l4: 'TCP', ends: ['192.150.186.169 49244', '131.159.14.23 22'], name: 'ssh' },
  { file: 'ssh__ssh_kex_curve25519', l4: 'TCP', ends: ['192.168.1.100 60906', '192.168.1.32 22'], name: 'ssh' },
  { file: 'port4242', l4: 'TCP', ends: ['::1 37927', '::1 4242'] },
  { file: 'port4243', l4: 'TCP', ends: ['::1 37927', '::1 4243'] },
]

/** Each capture has exactly its one flow: any other counts as wrong. */
export async function zeekAccuracy(): Promise<Accuracy> {
  const accuracy: Accuracy = { records: flows.length, right: 0, wrong: 0, missed: 0 }
  for (const { file, l4, ends, name } of flows) {
    const found = await namesByEnds(`pcap_zeek/${file}.pcap`)
    const names = found.get(keyOf(l4, ends))
    accuracy.wrong += found.size - (names === undefined ? 0 : 1)
    if (names === undefined) accuracy.missed++
    else if ([...names].join() === (name ?? '')) accuracy.right++
    else if (names.size === 0) accuracy.missed++
    else accuracy.wrong++
  }
  return accuracy
}
