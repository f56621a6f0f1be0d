import { limits } from '@tidewaiter/protocol'

/** What the agent port takes at most, and how long it waits. Bytes and milliseconds; tests set smaller ones. */
export const bounds = {
  /** Connected hosts. One costs about 80 kB. */
  hosts: 8000,
  /** Connections that no host stands for yet, in all and from one address. */
  strangers: 512,
  strangersOfAddress: 128,
  /** Connections of one host side by side: the one that stands and those that just say hello. */
  connectionsOfHost: 3,
  /** Frames of one host in memory, until the ledger has them: the window agents are given, and one frame more. */
  hostBytes: limits.window + limits.binaryFrame,
  /** Frames of all hosts in memory. */
  totalBytes: 128 * 1024 * 1024,
  /** What one host has not taken from us yet. */
  unsentBytes: 1024 * 1024,
  /** TLS handshake, and request with its headers. */
  handshakeMs: 10_000,
  requestMs: 15_000,
  helloMs: 10_000,
  /** How often each connection is looked at, pinged, and how long a pong may take. */
  tickMs: 5_000,
  pingMs: 20_000,
  pongMs: 25_000,
  /** From the last word to the end of a connection. */
  farewellMs: 800,
  /** Pause before a full ledger is tried again. */
  retryMs: 2_000,
  /** So long hosts have to come back after the console was away: reconnects are spread over a minute. */
  backMs: 90_000,
  /** An index that is so far behind has hosts held back that have more than their share waiting for it. */
  behindMs: 20_000,
  /** So much of a host may wait for the index, whatever others have there. */
  shareBytes: 8 * 1024 * 1024,
  /** So long a host is held back at most before it has a turn again: the index may be behind for hours. */
  holdMs: 45_000,
  /** With less free on the disk of the ledger, or than a quarter of it, each host may take twice an equal part of that. */
  lowBytes: 20 * 1024 ** 3,
  /** With less free each may take an equal part, and no more. */
  scarceBytes: 2 * 1024 ** 3,
  /** How often what hosts say of themselves is written down. */
  flushMs: 15_000,
} as const
export type Bounds = { [Name in keyof typeof bounds]: number }
