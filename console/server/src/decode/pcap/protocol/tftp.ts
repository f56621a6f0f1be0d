import type { Datagram } from '../beginning.ts'
import { isPrintable, latin1, u16 } from '../bytes.ts'
import { type DatagramProtocol, mostText } from '../protocol.ts'

/** RFC 1350 and RFC 2347. */
const operation = { read: 1, write: 2, data: 3, acknowledgement: 4, error: 5, options: 6 }
const modes = new Set(['netascii', 'octet', 'mail'])

export const tftp: DatagramProtocol = {
  name: 'tftp',
  finds(asks, answers) {
    const [first] = asks
    if (first === undefined) return undefined
    const file = fileIn(first)
    if (file !== undefined) return { name: 'tftp', own: { tftp_file: file.slice(0, mostText) } }
    // A server answers from another port: its flow begins with the first block, which must be acknowledged.
    const isTransfer = isBlocks(asks, answers) || isBlocks(answers, asks) || isAlone(asks, answers)
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

/** Without acknowledgement only what says enough by itself. */
function isAlone(asks: readonly Datagram[], answers: readonly Datagram[]): boolean {
  return answers.length === 0 && asks.every((datagram) => isError(datagram) || isOptions(datagram))
}

/** RFC 2348, RFC 2349, RFC 7440. */
const optionNames = new Set(['blksize', 'tsize', 'timeout', 'windowsize'])

/** Names with their values. */
function isOptions({ bytes, length }: Datagram): boolean {
  const texts = u16(bytes, 0) === operation.options && bytes.length === length ? (textsIn(bytes, 2) ?? []) : []
  return (
    texts.length > 0 &&
    texts.length % 2 === 0 &&
    texts.every((text, i) => i % 2 === 1 || optionNames.has(text.toLowerCase()))
  )
}

/** Blocks or options of one side, and acknowledgements of the other with the same numbers. */
function isBlocks(senders: readonly Datagram[], receivers: readonly Datagram[]): boolean {
  const [block] = senders
  const [answer] = receivers
  if (block === undefined || answer === undefined) return false
  const numbers = receivers.map(acknowledged)
  if (numbers.includes(-1)) return false
  if (isOptions(block)) return numbers.includes(0)
  return senders.every(isBlock) && numbers.includes(u16(block.bytes, 2))
}

const isBlock = ({ bytes, length }: Datagram) => u16(bytes, 0) === operation.data && length >= 4

function acknowledged({ bytes, length }: Datagram): number {
  return length === 4 && u16(bytes, 0) === operation.acknowledgement ? u16(bytes, 2) : -1
}

/** A number of the standard, and a text. */
function isError({ bytes, length }: Datagram): boolean {
  const isCode = u16(bytes, 0) === operation.error && u16(bytes, 2) <= 8 && length === bytes.length
  return isCode && /^[ -~]{4,}\0$/.test(latin1(bytes, 4, length))
}
