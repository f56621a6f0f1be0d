import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { toIp } from '../address.ts'
import { communityId } from './community-id.ts'
import { sha1 } from './sha1.ts'

type Row = readonly [
  protocol: number,
  source: string,
  sourcePort: number,
  destination: string,
  destinationPort: number,
  id: string,
]

/** From `baseline/baseline_deflt.json` of https://github.com/corelight/community-id-spec. */
const baseline: readonly Row[] = [
  [6, '128.232.110.120', 34855, '66.35.250.204', 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  [6, '66.35.250.204', 80, '128.232.110.120', 34855, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  [17, '192.168.1.52', 54585, '8.8.8.8', 53, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  [132, '192.168.170.56', 7, '192.168.170.8', 7, '1:MP2EtRCAUIZvTw6MxJHLV7N7JDs='],
  [1, '192.168.0.89', 8, '192.168.0.1', 0, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  [1, '192.168.0.1', 0, '192.168.0.89', 8, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  [46, '10.1.12.1', -1, '10.1.12.2', -1, '1:KHlLkgoJW7ifUTyTSgyVfkFHzKw='],
  [
    6,
    '2001:470:e5bf:dead:4957:2174:e82c:4887',
    63943,
    '2607:f8b0:400c:c03:0:0:0:1a',
    25,
    '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=',
  ],
]

/** Types of ICMP that have no answer stand with their code, and are not turned round. */
const oneWay: readonly Row[] = [
  [1, '10.0.0.1', 11, '10.0.0.2', 0, '1:YHxtAirCG//0OzkcVAukqKQN9xM='],
  [58, '3ffe:501:1800:2345:0:0:0:2', 3, '3ffe:507:0:1:200:86ff:fe05:80da', 0, '1:2ObVBgIn28oZvibYZhZMBgh7WdQ='],
]

test.each(baseline)('protocol %i from %s:%i to %s:%i has the id of the published baseline', (...row) => {
  expect(idOf(row, false)).toBe(row[5])
})

test.each(oneWay)('protocol %i from %s of type %i to %s with code %i has the id of the baseline', (...row) => {
  expect(idOf(row, true)).toBe(row[5])
})

test('the digest is the one that other implementations have, for every length of one block', () => {
  for (let length = 0; length <= 55; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff)
    expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'))
  }
})

function idOf([protocol, source, sourcePort, destination, destinationPort]: Row, isOneWay: boolean): string {
  const isIpv6 = source.includes(':')
  return communityId({
    protocol,
    isIpv6,
    source: wordsOf(source),
    destination: wordsOf(destination),
    sourcePort,
    destinationPort,
    isOneWay,
  })
}

function wordsOf(address: string): [number, number, number, number] {
  expect(toIp(address)).toBeDefined()
  if (!address.includes(':')) return [address.split('.').reduce((word, byte) => (word << 8) | Number(byte), 0), 0, 0, 0]
  const groups = address.split(':').map((group) => Number.parseInt(group, 16))
  const word = (i: number) => ((groups[i * 2] ?? 0) << 16) | (groups[i * 2 + 1] ?? 0)
  return [word(0), word(1), word(2), word(3)]
}
