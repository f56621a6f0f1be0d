import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'

/** Asked in this order: what is cheap and common first. */
export const streamProtocols: readonly StreamProtocol[] = []

export const datagramProtocols: readonly DatagramProtocol[] = []
