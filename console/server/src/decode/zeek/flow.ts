import type { Event } from '../decoder.ts'
import { instant } from '../time.ts'
import type { Values } from './values.ts'

/** States of a connection that both sides spoke in, and those in which nobody answered or one refused. */
const states: Readonly<Record<string, 'success' | 'failure'>> = {
  S1: 'success',
  SF: 'success',
  S2: 'success',
  S3: 'success',
  RSTO: 'success',
  RSTR: 'success',
  S0: 'failure',
  REJ: 'failure',
  RSTOS0: 'failure',
  RSTRH: 'failure',
  SH: 'failure',
}

/** `conn`: one connection from its first packet to its last. Its bytes count the IP headers where Zeek counted them. */
export function addFlow(event: Event, path: string, values: Values): boolean {
  if (path !== 'conn' && path !== 'conn_long') return false
  event.event.type = ['connection']
  event.event.action = 'network-flow'
  addNetwork(event, values)
  addCounts(event, values)
  addDuration(event, values)
  const state = values.text('conn_state')
  if (state === undefined) return true
  event.tidewaiter.state = state
  const outcome = Object.hasOwn(states, state) ? states[state] : undefined
  if (outcome !== undefined) event.event.outcome = outcome
  return true
}

function addNetwork(event: Event, values: Values): void {
  const services = values.list('service')
  // One that carries others names what is seen on its port.
  const service = services.find((name) => name === 'smb') ?? services[0]
  const vlan = values.text('vlan')
  event.network = {
    ...(event.network as object | undefined),
    ...(service !== undefined && { protocol: service }),
    ...(vlan !== undefined && { vlan: { id: vlan } }),
  }
  if (services.length > 1) event.tidewaiter.services = services
}

function addCounts(event: Event, values: Values): void {
  const total = { bytes: 0, packets: 0 }
  for (const [side, name] of [
    ['source', 'orig'],
    ['destination', 'resp'],
  ] as const) {
    const [payload, whole] = [values.count(`${name}_bytes`), values.count(`${name}_ip_bytes`)]
    const [packets, mac] = [values.count(`${name}_pkts`), values.text(`${name}_l2_addr`)]
    const bytes = whole ?? payload
    event[side] = {
      ...(event[side] as object | undefined),
      ...(bytes !== undefined && { bytes }),
      ...(packets !== undefined && { packets }),
      ...(mac !== undefined && { mac: mac.toUpperCase().replaceAll(':', '-') }),
    }
    if (payload !== undefined) event.tidewaiter[`${side}_payload_bytes`] = payload
    total.bytes += bytes ?? 0
    total.packets += packets ?? 0
  }
  event.network = { ...(event.network as object), ...total }
}

function addDuration(event: Event, values: Values): void {
  const seconds = values.real('duration')
  const at = event['@timestamp']
  if (at !== undefined) event.event.start = at
  if (seconds === undefined || seconds < 0 || seconds > 1e9) return
  event.event.duration = Math.round(seconds * 1e9)
  if (at === undefined) return
  const micros = Math.round(Date.parse(at) * 1000 + seconds * 1e6)
  const end = instant(Math.floor(micros / 1e6), String(micros % 1e6).padStart(6, '0'))
  if (end !== undefined) event.event.end = end
}
