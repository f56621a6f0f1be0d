import type { OpenChunk } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import { agent } from './agent/index.ts'
import type { Decoder, MessageDecoder } from './decoder.ts'
import { interfaces } from './interface/index.ts'
import { inventory } from './inventory/index.ts'
import { journald } from './journald/index.ts'
import { messageReader } from './message.ts'
import { pam } from './pam/index.ts'
import { pcap } from './pcap/index.ts'
import { processes } from './process/index.ts'
import { shadow } from './shadow/index.ts'
import { sockets } from './socket/index.ts'
import { sshd } from './sshd/index.ts'
import { su } from './su/index.ts'
import { sudo } from './sudo/index.ts'
import { syslog } from './syslog/index.ts'
import { text } from './text/index.ts'
import { utmp } from './utmp/index.ts'

/** Asked in this order; those for any program come last. */
export const messageDecoders: readonly MessageDecoder[] = [sshd, sudo, su, shadow, pam]

const readMessage = messageReader(messageDecoders)

/**
 * Every format, in the order in which they are asked. A chunk goes to the first decoder that says by its head that it
 * reads it; only a log file that none knows by its name is looked into. A bare file goes to the first that finds its
 * content. Last is `text`, which takes everything.
 */
export const decoders: readonly Decoder[] = [
  journald(readMessage),
  pcap,
  utmp,
  processes,
  sockets,
  interfaces,
  inventory,
  agent,
  syslog(readMessage),
  text,
]

/** The decoder of a chunk of an opened batch. */
export function decoderOfChunk({ head, bytes, starts, ends, count }: OpenChunk): Decoder {
  const known = decoders.find((decoder) => decoder.reads(head)) ?? text
  if (known !== text || !head.source.startsWith('log-file:')) return known
  const from = starts[0] ?? 0
  return decoderByContent(bytes.subarray(from, Math.min(ends[count - 1] ?? from, from + 65_536)))
}

/** @param sample beginning of a file, up to 64 KiB */
export function decoderByContent(sample: Uint8Array): Decoder {
  return decoders.find((decoder) => decoder.detects(sample)) ?? text
}

/** Throws `input-malformed` for an id no decoder has. */
export function decoderById(id: string): Decoder {
  const decoder = decoders.find((candidate) => candidate.id === id)
  if (decoder !== undefined) return decoder
  throw refuse(
    'input-malformed',
    `There is no format ${id}. Known are ${decoders.map((known) => known.id).join(', ')}.`,
  )
}
