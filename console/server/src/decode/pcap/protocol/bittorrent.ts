import type { Datagram } from '../beginning.ts'
import { has, latin1, u8, u16, u32 } from '../bytes.ts'
import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'

/** BEP 3: the length of the name, the name. */
const handshake = '\x13BitTorrent protocol'

export const bittorrentStream: StreamProtocol = {
  name: 'bittorrent',
  finds: (asks, answers) =>
    has(asks, 0, handshake) || has(answers, 0, handshake) ? { name: 'bittorrent' } : undefined,
}

export const bittorrentDatagrams: DatagramProtocol = {
  name: 'bittorrent',
  finds(asks, answers) {
    const all = [...asks, ...answers]
    if (all.some(isDht) || all.some(hasHandshake)) return { name: 'bittorrent' }
    return isUtp(asks, answers) ? { name: 'bittorrent' } : undefined
  },
}

/**
 * BEP 5: a dictionary in the order of its keys: of an answer `r`, of a question `a`, of an error `e`, and always the
 * transaction `t` and the type `y`.
 */
function isDht({ bytes, length }: Datagram): boolean {
  if (u8(bytes, 0) !== 0x64 || bytes.length < 20) return false
  const text = latin1(bytes, 0, Math.min(bytes.length, 2048))
  const isBegin = /^d(1:ad2:id20:|1:rd2:id20:|1:eli\d+e|2:ip[46]?:|2:roi)/.test(text)
  const isEnd = bytes.length < length || (text.endsWith('e') && /1:y1:[qre](?:e|\d)/.test(text))
  return isBegin && isEnd
}

/** Within uTP (BEP 29), behind its header. */
function hasHandshake({ bytes }: Datagram): boolean {
  return has(bytes, 20, handshake) || has(bytes, 30, handshake)
}

const utpHead = 20
const utp = { data: 0, fin: 1, state: 2, reset: 3, syn: 4 }

/** BEP 29: a SYN without data and the answer to it, which has its id and acknowledges its number; or what follows. */
function isUtp(asks: readonly Datagram[], answers: readonly Datagram[]): boolean {
  const [syn, state] = [asks[0], answers[0]]
  if (syn === undefined) return false
  if (utpType(syn) !== utp.syn) return answers.length === 0 && isUtpStream(asks)
  const isAnswered = state !== undefined && utpType(state) === utp.state
  return isAnswered && u16(state.bytes, 2) === u16(syn.bytes, 2) && u16(state.bytes, 18) === u16(syn.bytes, 16)
}

const leastOfStream = 4

/** One direction alone: one connection, a clock that goes on, numbers that follow each other. */
function isUtpStream(datagrams: readonly Datagram[]): boolean {
  if (datagrams.length < leastOfStream) return false
  return datagrams.every((datagram, i) => {
    const { bytes } = datagram
    const before = datagrams[i - 1]?.bytes ?? bytes
    const isGoingOn = u32(bytes, 4) >= u32(before, 4) && u16(bytes, 16) - u16(before, 16) <= 64
    const type = utpType(datagram)
    return (
      type >= 0 && type < utp.syn && isGoingOn && u16(bytes, 2) === u16(before, 2) && u16(bytes, 16) >= u16(before, 16)
    )
  })
}

/** Type and version 1; extensions are 1 or 2, each with its length. */
function utpType({ bytes, length }: Datagram): number {
  const first = u8(bytes, 0)
  const isForm = length >= utpHead && (first & 15) === 1 && u8(bytes, 1) <= 2
  return isForm ? first >> 4 : -1
}
