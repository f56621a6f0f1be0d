import { has, u8, u32 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** The head of a segment: `TSH ` in ASCII or EBCDIC; `TSHC` and `TSHM` where conversations share a connection. */
const marks = ['TSH ', 'TSHC', 'TSHM', '\xe3\xe2\xc8\x40', '\xe3\xe2\xc8\xc3', '\xe3\xe2\xc8\xd4']
const [leastSegment, mostSegment] = [28, 0x800000]

/** IBM MQ: the mark, the length of the segment, byte order 1 or 2, type. */
export const ibmMq: StreamProtocol = {
  name: 'ibm-mq',
  finds: (asks, answers) => (isSegment(asks) || isSegment(answers) ? { name: 'ibm-mq' } : undefined),
}

function isSegment(bytes: Uint8Array): boolean {
  const mark = marks.find((text) => has(bytes, 0, text))
  const length = u32(bytes, 4)
  if (mark === undefined || length < leastSegment || length > mostSegment) return false
  const isMultiplexed = mark.endsWith('M') || mark.endsWith('\xd4')
  const order = u8(bytes, isMultiplexed ? 16 : 8)
  return order === 1 || order === 2
}
