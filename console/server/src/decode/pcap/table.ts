import { addDatagram, addSegment, newStream } from './beginning.ts'
import { protocols } from './dissect.ts'
import { type End, type Flow, isReply, isRequest, newFlow, type Sent, tcpFlags } from './flow.ts'
import type { Frame } from './frame.ts'
import { hashOf } from './hash.ts'
import type { Layers } from './layers.ts'
import { append, newQueue, type Queue, remove } from './queue.ts'

/** Most flows, and most bytes of their beginnings, that are held at once. */
export const mostFlows = 65_536
export const mostHeld = 64 * 1024 * 1024

/** Seconds of capture time without a packet after which a flow has ended. What is closed waits for late packets. */
export const idleSeconds = { tcp: 300, other: 60, closed: 5 }

/** Flows under one hash: by chance there are never more than a few. */
const mostSameHash = 64

/** Flows that are open. `ended` is called with each once, when it is removed. */
export function flowTable(ended: (flow: Flow, end: End) => void) {
  const flows = new Map<number, Flow>()
  const queues = { tcp: newQueue(), other: newQueue(), closed: newQueue() }
  const timed = (['tcp', 'other', 'closed'] as const).map((name) => ({
    queue: queues[name],
    seconds: idleSeconds[name],
  }))
  let [count, held, packets] = [0, 0, 0]

  function queueOf(flow: Flow): Queue {
    if (flow.closed !== undefined) return queues.closed
    return flow.protocol === protocols.tcp ? queues.tcp : queues.other
  }

  function find(layers: Layers, hash: number): Flow | undefined {
    let flow = flows.get(hash)
    for (let steps = 0; flow !== undefined && !isOf(flow, layers); steps++) {
      if (steps >= mostSameHash) return end(flow, 'full')
      flow = flow.sameHash
    }
    return flow
  }

  function open(layers: Layers, frame: Frame, { id, hash }: { id: string; hash: number }): Flow {
    if (count >= mostFlows) endOldest()
    const flow = newFlow(layers, frame, { id, isSwapped: isAnswer(layers) })
    flow.hash = hash
    flow.sameHash = flows.get(hash)
    flows.set(hash, flow)
    append(queueOf(flow), flow)
    count++
    return flow
  }

  function endOldest(): void {
    let oldest: Flow | undefined
    for (const { queue } of timed)
      if (queue.oldest !== undefined && (oldest === undefined || queue.oldest.touched < oldest.touched))
        oldest = queue.oldest
    if (oldest !== undefined) end(oldest, 'full')
  }

  function end(flow: Flow, why: End): undefined {
    remove(queueOf(flow), flow)
    const first = flows.get(flow.hash)
    if (first === flow) {
      if (flow.sameHash === undefined) flows.delete(flow.hash)
      else flows.set(flow.hash, flow.sameHash)
    } else {
      let before = first
      while (before !== undefined && before.sameHash !== flow) before = before.sameHash
      if (before !== undefined) before.sameHash = flow.sameHash
    }
    count--
    held -= flow.held
    ended(flow, flow.closed ?? why)
  }

  function endIdle(now: number): void {
    for (const { queue, seconds } of timed)
      for (let flow = queue.oldest; flow !== undefined && now - flow.last.seconds > seconds; flow = queue.oldest)
        end(flow, 'idle')
  }

  function account(flow: Flow, layers: Layers, { frame, id }: { frame: Frame; id: string }): void {
    const queue = queueOf(flow)
    const sent = isRequest(flow, layers) ? flow.request : flow.reply
    sent.packets++
    sent.bytes += frame.length
    const grown = flow.protocol === protocols.tcp ? addTcp(flow, sent, layers) : addOther(flow, sent, layers)
    flow.held += grown
    held += grown
    flow.last.seconds = frame.seconds
    flow.last.nanos = frame.nanos
    flow.last.digits = frame.digits
    flow.lastRecord = id
    flow.touched = packets++
    remove(queue, flow)
    append(queueOf(flow), flow)
  }

  return {
    add(layers: Layers, frame: Frame, id: string): void {
      if (frame.digits >= 0) endIdle(frame.seconds)
      while (held >= mostHeld) endOldest()
      const hash = hashOf(layers)
      let flow = find(layers, hash)
      if (flow !== undefined && isAnew(flow, layers)) {
        end(flow, 'reused')
        flow = undefined
      }
      account(flow ?? open(layers, frame, { id, hash }), layers, { frame, id })
    },
    /** Tells all that are still open, in the order of their latest packets. */
    endAll(): void {
      const all = timed.flatMap(({ queue }) => flowsOf(queue)).sort((a, b) => a.touched - b.touched)
      for (const flow of all) end(flow, 'capture')
    },
    count: () => count,
  }
}

function flowsOf(queue: Queue): Flow[] {
  const all: Flow[] = []
  for (let flow = queue.oldest; flow !== undefined; flow = flow.newer) all.push(flow)
  return all
}

function isOf(flow: Flow, layers: Layers): boolean {
  return (
    flow.protocol === layers.protocol &&
    flow.isIpv6 === layers.isIpv6 &&
    (isRequest(flow, layers) || isReply(flow, layers))
  )
}

/** A capture may begin with the answer to a SYN. */
function isAnswer({ protocol, flags }: Layers): boolean {
  const both = tcpFlags.syn | tcpFlags.acknowledgement
  return protocol === protocols.tcp && (flags & both) === both
}

/** A SYN with another sequence number begins another connection. */
function isAnew(flow: Flow, layers: Layers): boolean {
  const { protocol, flags, sequence } = layers
  if (protocol !== protocols.tcp || (flags & (tcpFlags.syn | tcpFlags.acknowledgement)) !== tcpFlags.syn) return false
  const { stream } = isRequest(flow, layers) ? flow.request : flow.reply
  return stream === undefined ? flow.closed !== undefined : ((stream.base - 1) | 0) !== (sequence | 0)
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
