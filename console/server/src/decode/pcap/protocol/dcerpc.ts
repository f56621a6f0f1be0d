import type { Datagram } from '../beginning.ts'
import { u8, u16, u16le } from '../bytes.ts'
import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'

/** DCE 1.1 RPC (C706, chapter 12); MS-RPCE section 2.2. */
const [head5, head4, lastType5, lastType4] = [16, 80, 19, 10]
/** Bytes of numbers and letters: little-endian or big-endian, ASCII; IEEE; nothing more. */
const isLabel = (bytes: Uint8Array, at: number) =>
  (u8(bytes, at) === 0x10 || u8(bytes, at) === 0) && u8(bytes, at + 1) === 0

/** Connection-oriented, version 5. */
export const dcerpcStream: StreamProtocol = {
  name: 'dcerpc',
  finds(asks, answers) {
    const all = [asks, answers].filter(({ length }) => length > 0)
    return all.every(isFragment) ? { name: 'dcerpc' } : undefined
  },
}

function isFragment(bytes: Uint8Array): boolean {
  const [minor, type, authentication] = [u8(bytes, 1), u8(bytes, 2), length16(bytes, 10)]
  const length = length16(bytes, 8)
  const isHead = u8(bytes, 0) === 5 && (minor === 0 || minor === 1) && type >= 0 && type <= lastType5
  const isForm = isHead && isLabel(bytes, 4) && u16(bytes, 6) === 0
  return isForm && length >= head5 && authentication >= 0 && authentication < length
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
  const type = u8(bytes, 1)
  const isHead = u8(bytes, 0) === 4 && type >= 0 && type <= lastType4 && isLabel(bytes, 4) && u8(bytes, 6) === 0
  const size = u8(bytes, 4) === 0x10 ? u16le(bytes, 74) : u16(bytes, 74)
  return isHead && size >= 0 && size + head4 === length
}
