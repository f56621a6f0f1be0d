import type { Accuracy } from '../accuracy.fixture.ts'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { pathOf, truthOf } from '../shared-data.fixture.ts'

interface Truth {
  records: number
  action: Readonly<Record<string, number>>
  protocol: Readonly<Record<string, number>>
  path: Readonly<Record<string, number>>
  top_destinations: readonly (readonly [string, number])[]
}

/** Every packet of a log, and for actions, protocols, directions and destinations how often each was counted by others. */
export async function packetAccuracy(): Promise<Accuracy & { differences: readonly unknown[] }> {
  const truth = (truthOf('windows_firewall') as { files: Record<string, Truth> }).files['pfirewall_first.log']
  if (truth === undefined) throw new Error('no truth of pfirewall_first.log')
  const events = await Array.fromAsync(decodeFile(pathOf('windows_firewall/pfirewall_first.log')))
  const packets = events.filter(
    ({ event, error, network }) => event.dataset === 'windows-firewall' && !error && network,
  )
  const expected = [
    ...counts('packet-dropped', truth.action.DROP),
    ...counts('connection-allowed', truth.action.ALLOW),
    ...Object.entries(truth.protocol).map(([name, count]) => [name.toLowerCase(), count] as const),
    ...counts('ingress', truth.path.RECEIVE),
    ...counts('egress', truth.path.SEND),
    ...truth.top_destinations,
  ]
  const found = new Map<string, number>()
  for (const packet of packets) for (const name of wordsOf(packet)) found.set(name, (found.get(name) ?? 0) + 1)
  const differences = expected
    .filter(([name, count]) => found.get(name) !== count)
    .map(([name, count]) => [name, count, found.get(name)])
  const missed = truth.records - packets.length
  return {
    records: truth.records,
    right: packets.length - differences.length,
    wrong: differences.length,
    missed,
    differences,
  }
}

function counts(name: string, count: number | undefined): (readonly [string, number])[] {
  return count === undefined ? [] : [[name, count]]
}

function wordsOf({ event, network, destination }: Event): string[] {
  const { transport, iana_number, direction } = (network ?? {}) as Readonly<Record<string, string | undefined>>
  const { address, port } = (destination ?? {}) as { address?: string; port?: number }
  return [event.action, transport ?? iana_number, direction, `${address}:${port}`].filter((word) => word !== undefined)
}
