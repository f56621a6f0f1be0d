import { addDatagram, addSegment, newStream } from './beginning.ts'
import { protocols } from './dissect.ts'
import { type End, type Flow, isReply, isRequest, newFlow, type Sent, tcpFlags } from './flow.ts'
import type { Frame } from './frame.ts'
import { hashOf } from './hash.ts'
import type { Layers } from './layers.ts'
import { append, newQueue, type Queue, remove } from './queue.ts'

/** Most flows, and most bytes of their beginnings, that are held at once. */
export const mostFlows = 65_536
const mostHeld = 64 * 1024 * 1024

/**
 * Seconds of capture time without a packet after which a flow has ended. What is closed waits for late packets, as hosts
 * do (RFC 9293, section 3.6.1), but goes first where flows are too many.
 */
export const idleSeconds = { tcp: 300, other: 60, closed: 60 }

/** Flows under one hash: by chance there are never more than a few. */
const mostSameHash = 64

interface Table {
  /** Flows of one hash are chained. */
  flows: Map<number, Flow>
  tcp: Queue
  other: Queue
  closed: Queue
  count: number
  /** Bytes of beginnings. */
  held: number
  packets: number
  ended: (flow: Flow, end: End) => void
}

/** Flows that are open. `ended` is called with each once, when it is removed. */
export function flowTable(ended: Table['ended']) {
  const table: Table = {
    flows: new Map(),
    tcp: newQueue(),
    other: newQueue(),
    closed: newQueue(),
    count: 0,
    held: 0,
    packets: 0,
    ended,
  }
  return {
    add: (layers: Layers, frame: Frame, id: string): void => add(table, layers, { frame, id }),
    /** Tells all that are still open, in the order of their latest packets. */
    endAll(): void {
      const all = [table.tcp, table.other, table.closed].flatMap(flowsOf)
      for (const flow of all.sort((a, b) => a.touched - b.touched)) end(table, flow, 'capture')
    },
    count: () => table.count,
  }
}

/** A packet, and the record that it stands in. */
interface Source {
  frame: Frame
  id: string
}

function add(table: Table, layers: Layers, source: Source): void {
  const { digits, seconds } = source.frame
  if (digits >= 0) endIdle(table, seconds)
  while (table.held >= mostHeld) endOldest(table)
  const hash = hashOf(layers)
  let flow = find(table, layers, hash)
  if (flow !== undefined && isAnew(flow, layers)) flow = end(table, flow, 'reused')
  account(table, flow ?? open(table, layers, { ...source, hash }), layers, source)
}

function find(table: Table, layers: Layers, hash: number): Flow | undefined {
  let flow = table.flows.get(hash)
  for (let steps = 0; flow !== undefined && !isOf(flow, layers); steps++) {
    if (steps >= mostSameHash) return end(table, flow, 'full')
    flow = flow.sameHash
  }
  return flow
}

function isOf(flow: Flow, layers: Layers): boolean {
  const isSame = flow.protocol === layers.protocol && flow.isIpv6 === layers.isIpv6
  return isSame && (isRequest(flow, layers) || isReply(flow, layers))
}

function open(table: Table, layers: Layers, { frame, id, hash }: Source & { hash: number }): Flow {
  if (table.count >= mostFlows) endOldest(table)
  const flow = newFlow(layers, frame, { id, isSwapped: isAnswer(layers) })
  flow.hash = hash
  flow.sameHash = table.flows.get(hash)
  table.flows.set(hash, flow)
  append(queueOf(table, flow), flow)
  table.count++
  return flow
}

const synAndAcknowledgement = tcpFlags.syn | tcpFlags.acknowledgement

/** A capture may begin with the answer to a SYN. */
function isAnswer({ protocol, flags }: Layers): boolean {
  return protocol === protocols.tcp && (flags & synAndAcknowledgement) === synAndAcknowledgement
}

/** A SYN with another sequence number begins another connection. */
function isAnew(flow: Flow, layers: Layers): boolean {
  const { protocol, flags, sequence } = layers
  if (protocol !== protocols.tcp || (flags & synAndAcknowledgement) !== tcpFlags.syn) return false
  const { stream } = isRequest(flow, layers) ? flow.request : flow.reply
  return stream === undefined ? flow.closed !== undefined : ((stream.base - 1) | 0) !== (sequence | 0)
}

function account(table: Table, flow: Flow, layers: Layers, { frame, id }: Source): void {
  const queue = queueOf(table, flow)
  const sent = isRequest(flow, layers) ? flow.request : flow.reply
  sent.packets++
  sent.bytes += frame.length
  const grown = flow.protocol === protocols.tcp ? addTcp(flow, sent, layers) : addOther(flow, sent, layers)
  flow.held += grown
  table.held += grown
  flow.last.seconds = frame.seconds
  flow.last.nanos = frame.nanos
  flow.last.digits = frame.digits
  flow.lastRecord = id
  flow.touched = table.packets++
  remove(queue, flow)
  append(queueOf(table, flow), flow)
}

function addTcp(flow: Flow, sent: Sent, layers: Layers): number {
  const { flags, sequence, bytes, at: from, to } = layers
  const isSyn = (flags & tcpFlags.syn) !== 0
  sent.flags |= flags
  if (flow.closed === undefined) flow.closed = closingOf(flow, flags)
  const first = isSyn ? sequence + 1 : sequence
  if (sent.stream === undefined && (isSyn || to > from)) sent.stream = newStream(first)
  return sent.stream === undefined || to <= from ? 0 : addSegment(sent.stream, first, { bytes, from, to })
}

function closingOf({ request, reply }: Flow, flags: number): Flow['closed'] {
  if ((flags & tcpFlags.reset) !== 0) return 'reset'
  return (request.flags & reply.flags & tcpFlags.fin) !== 0 ? 'fin' : undefined
}

function addOther(flow: Flow, sent: Sent, { bytes, at: from, to, wireTo }: Layers): number {
  if (flow.protocol !== protocols.udp || to <= from) return 0
  sent.datagrams ??= []
  return addDatagram(sent.datagrams, { bytes, from, to }, wireTo - from)
}

function endIdle(table: Table, now: number): void {
  endIdleOf(table, table.tcp, now - idleSeconds.tcp)
  endIdleOf(table, table.other, now - idleSeconds.other)
  endIdleOf(table, table.closed, now - idleSeconds.closed)
}

function endIdleOf(table: Table, queue: Queue, before: number): void {
  for (let flow = queue.oldest; flow !== undefined && flow.last.seconds < before; flow = queue.oldest)
    end(table, flow, 'idle')
}

function endOldest(table: Table): void {
  const [tcp, other] = [table.tcp.oldest, table.other.oldest]
  const isTcpOlder = tcp !== undefined && (other === undefined || tcp.touched < other.touched)
  const oldest = table.closed.oldest ?? (isTcpOlder ? tcp : other)
  if (oldest !== undefined) end(table, oldest, 'full')
}

function end(table: Table, flow: Flow, why: End): undefined {
  remove(queueOf(table, flow), flow)
  unchain(table.flows, flow)
  table.count--
  table.held -= flow.held
  table.ended(flow, flow.closed ?? why)
}

function unchain(flows: Table['flows'], flow: Flow): void {
  let before = flows.get(flow.hash)
  if (before !== flow) {
    while (before !== undefined && before.sameHash !== flow) before = before.sameHash
    if (before !== undefined) before.sameHash = flow.sameHash
  } else if (flow.sameHash === undefined) flows.delete(flow.hash)
  else flows.set(flow.hash, flow.sameHash)
}

function queueOf(table: Table, flow: Flow): Queue {
  if (flow.closed !== undefined) return table.closed
  return flow.protocol === protocols.tcp ? table.tcp : table.other
}

function flowsOf(queue: Queue): Flow[] {
  const all: Flow[] = []
  for (let flow = queue.oldest; flow !== undefined; flow = flow.newer) all.push(flow)
  return all
}
