import type { End } from '../address.ts'
import type { Event } from '../decoder.ts'

/** Whom a process of the server serves, and the record that says so. Plain JSON. */
export interface Peer {
  pid: number
  record: string
  source: End
}

/** So many connections are remembered: with their ids they stay below 16 KiB as JSON. */
const mostPeers = 64

/**
 * The stock layout of the prefix names no address: the line before a sign-in does, which the same process wrote. An
 * event that takes its address from there names that record too.
 */
export function peerFinder(before: readonly Peer[] = []) {
  const peers = new Map(before.map((peer) => [peer.pid, peer]))
  return {
    complete(event: Event): Event {
      const pid = (event.process as { pid?: number } | undefined)?.pid
      if (pid === undefined) return event
      if (event.event.action === 'connection-opened') remember(event, pid)
      const peer = peers.get(pid)
      if (event.event.action === 'session-closed' || isFatal(event)) peers.delete(pid)
      return peer === undefined || !asksWho(event) ? event : withPeer(event, peer)
    },
    open: (): Peer[] => [...peers.values()],
  }

  function remember({ source, tidewaiter: { record } }: Event, pid: number): void {
    peers.delete(pid)
    const [oldest] = peers.keys()
    if (peers.size >= mostPeers && oldest !== undefined) peers.delete(oldest)
    if (source !== undefined && JSON.stringify(source).length < 200)
      peers.set(pid, { pid, record, source: source as End })
  }
}

function asksWho({ event, tidewaiter }: Event): boolean {
  const isSignIn = event.category?.includes('authentication') === true
  return (isSignIn || event.outcome === 'failure') && tidewaiter.doubt === undefined
}

function withPeer(event: Event, peer: Peer): Event {
  if (event.source !== undefined) return isSame(event, peer) ? event : withoutEnd(event)
  const records = [peer.record, ...(event.tidewaiter.records ?? [event.tidewaiter.record])]
  return { ...event, source: peer.source, tidewaiter: { ...event.tidewaiter, record: peer.record, records } }
}

/** The process ends with it, and its number is free for another. */
function isFatal({ log }: Event): boolean {
  return (log as { level?: string } | undefined)?.level === 'fatal'
}

function isSame({ source }: Event, peer: Peer): boolean {
  const { address, ip } = source as End
  return address === peer.source.address || (ip !== undefined && ip === peer.source.ip) || peer.source.ip === undefined
}

/** The prefix says another address than the connection had: a client's name imitates it. */
function withoutEnd({ source: _, user: __, ...event }: Event): Event {
  return {
    ...event,
    tidewaiter: { ...event.tidewaiter, doubt: 'The address in the prefix is not the one that connected.' },
  }
}
