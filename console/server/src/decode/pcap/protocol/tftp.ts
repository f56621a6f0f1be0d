import type { Datagram } from '../beginning.ts'
import { isPrintable, latin1, u8, u16 } from '../bytes.ts'
import type { DatagramProtocol } from '../protocol.ts'

/** RFC 1350 and RFC 2347. */
const operation = { read: 1, write: 2, data: 3, acknowledgement: 4, error: 5, options: 6 }
const modes = new Set(['netascii', 'octet', 'mail'])

export const tftp: DatagramProtocol = {
  name: 'tftp',
  finds(asks, answers) {
    const [first] = asks
    if (first === undefined) return undefined
    const file = fileIn(first)
    if (file !== undefined) return { name: 'tftp', own: { tftp_file: file } }
    // A server answers from another port: its flow begins with the first block, which must be acknowledged.
    const isTransfer =
      isBlocks(asks, answers) || isBlocks(answers, asks) || (answers.length === 0 && asks.every(isError))
    return isTransfer ? { name: 'tftp' } : undefined
  },
}

/** Its name, the mode, and options with their values, each ended by a zero. */
function fileIn({ bytes, length }: Datagram): string | undefined {
  const code = u16(bytes, 0)
  if ((code !== operation.read && code !== operation.write) || bytes.length !== length) return undefined
  const texts = textsIn(bytes, 2)
  const [file = '', mode = ''] = texts ?? []
  return file !== '' && modes.has(mode.toLowerCase()) && (texts?.length ?? 1) % 2 === 0 ? file : undefined
}

function textsIn(bytes: Uint8Array, from: number): string[] | undefined {
  const texts: string[] = []
  for (let at = from; at < bytes.length; ) {
    const end = bytes.indexOf(0, at)
    if (end < 0 || !isPrintable(bytes, at, end)) return undefined
    texts.push(latin1(bytes, at, end))
    at = end + 1
  }
  return texts
}

/** Blocks or options of one side, and acknowledgements of the other with the same numbers. */
function isBlocks(senders: readonly Datagram[], receivers: readonly Datagram[]): boolean {
  const [block] = senders
  const [answer] = receivers
  if (block === undefined || answer === undefined) return false
  const numbers = receivers.map(acknowledged)
  if (numbers.includes(-1)) return false
  if (u16(block.bytes, 0) === operation.options) return textsIn(block.bytes, 2) !== undefined && numbers.includes(0)
  return senders.every(isBlock) && numbers.includes(u16(block.bytes, 2))
}

const isBlock = ({ bytes, length }: Datagram) => u16(bytes, 0) === operation.data && length >= 4

function acknowledged({ bytes, length }: Datagram): number {
  return length === 4 && u16(bytes, 0) === operation.acknowledgement ? u16(bytes, 2) : -1
}

/** A number of the standard, and a text. */
function isError({ bytes, length }: Datagram): boolean {
  const isCode = u16(bytes, 0) === operation.error && u16(bytes, 2) <= 8
  const isText = length > 5 && length === bytes.length && u8(bytes, length - 1) === 0
  return isCode && isText && isPrintable(bytes, 4, length - 1)
}
