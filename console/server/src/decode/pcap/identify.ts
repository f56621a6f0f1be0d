import { toAddress } from './address.ts'
import { type Datagram, streamBytes } from './beginning.ts'
import { protocols } from './dissect.ts'
import { type Flow, tcpFlags } from './flow.ts'
import { datagramProtocols, streamProtocols } from './protocol/index.ts'
import type { Found } from './protocol.ts'

/** Finds the protocol of a flow by what was sent, and by nothing else. Undefined where no protocol is certain. */
export function identify(flow: Flow): Found | undefined {
  if (flow.protocol === protocols.tcp) return ofStream(flow)
  return flow.protocol === protocols.udp ? ofDatagrams(flow) : undefined
}

function ofStream(flow: Flow): Found | undefined {
  const [asks, answers] = [streamBytes(flow.request.stream), streamBytes(flow.reply.stream)]
  if (asks.length === 0 && answers.length === 0) return undefined
  // Without a SYN nobody knows who asked.
  const isCertain = ((flow.request.flags | flow.reply.flags) & tcpFlags.syn) !== 0
  for (const protocol of streamProtocols) {
    const found = protocol.finds(asks, answers) ?? (isCertain ? undefined : protocol.finds(answers, asks))
    if (found !== undefined) return found
  }
  return undefined
}

const none: readonly Datagram[] = []

function ofDatagrams(flow: Flow): Found | undefined {
  const [asks, answers] = [flow.request.datagrams ?? none, flow.reply.datagrams ?? none]
  if (asks.length === 0 && answers.length === 0) return undefined
  const [source, destination] = [flow.source, flow.destination].map((words) => ({
    address: toAddress(words, flow.isIpv6),
  }))
  for (const protocol of datagramProtocols) {
    const found =
      (destination && protocol.finds(asks, answers, destination)) ?? (source && protocol.finds(answers, asks, source))
    if (found !== undefined) return found
  }
  return undefined
}
