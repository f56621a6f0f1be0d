import type { Datagram } from '../beginning.ts'
import { u8, u16, u16le } from '../bytes.ts'
import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'

/** DCE 1.1 RPC (C706, chapter 12); MS-RPCE section 2.2. */
const [head4, firstFragment] = [80, 1]

/** Types of version 5 with the least length of each: request, response, fault, bind, alter, and their answers. */
const leastLengths = new Map([
  [0, 24],
  [2, 24],
  [3, 32],
  [11, 72],
  [12, 24],
  [13, 18],
  [14, 72],
  [15, 24],
  [16, 28],
  [17, 16],
  [18, 16],
  [19, 16],
])
/** Types of version 4. */
const lastType4 = 10

/** Connection-oriented, version 5. */
export const dcerpcStream: StreamProtocol = {
  name: 'dcerpc',
  finds(asks, answers) {
    const all = [asks, answers].filter(({ length }) => length > 0)
    return all.every(isFragment) ? { name: 'dcerpc' } : undefined
  },
}

function isFragment(bytes: Uint8Array): boolean {
  const [minor, type, flags] = [u8(bytes, 1), u8(bytes, 2), u8(bytes, 3)]
  const [length, authentication] = [length16(bytes, 8), length16(bytes, 10)]
  const least = leastLengths.get(type)
  const isWhole = least !== undefined && bytes.length >= least && length >= least
  const isHead = u8(bytes, 0) === 5 && minor <= 1 && isLabel(bytes) && u16(bytes, 6) === 0
  // What comes next begins like it.
  const next = u16(bytes, length)
  return (
    isWhole &&
    isHead &&
    (flags & firstFragment) !== 0 &&
    authentication < length &&
    (next < 0 || next >> 1 === 0x0500 >> 1)
  )
}

/** Little-endian or big-endian; ASCII; IEEE. */
function isLabel(bytes: Uint8Array): boolean {
  return (u8(bytes, 4) === 0x10 || u8(bytes, 4) === 0) && u8(bytes, 5) === 0
}

/** In the byte order that the label says. */
function length16(bytes: Uint8Array, at: number): number {
  return u8(bytes, 4) === 0x10 ? u16le(bytes, at) : u16(bytes, at)
}

/** Connectionless, version 4: the length of the body is that of the datagram without its header. */
export const dcerpcDatagrams: DatagramProtocol = {
  name: 'dcerpc',
  finds: (asks, answers) => ([...asks, ...answers].every(isDatagram) ? { name: 'dcerpc' } : undefined),
}

function isDatagram({ bytes, length }: Datagram): boolean {
  const isHead = u8(bytes, 0) === 4 && u8(bytes, 1) <= lastType4 && isLabel(bytes) && u8(bytes, 6) === 0
  return bytes.length >= head4 && isHead && length16(bytes, 74) + head4 === length
}
