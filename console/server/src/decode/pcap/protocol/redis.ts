import { line, u8 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** Redis' RESP: a client sends an array (`*2`) of texts, each after its length (`$4`). */
export const redis: StreamProtocol = {
  name: 'redis',
  finds: (asks, answers) => (isCommand(asks) && isReply(answers) ? { name: 'redis' } : undefined),
}

function isCommand(bytes: Uint8Array): boolean {
  if (u8(bytes, 0) !== 42) return false
  const count = /^\*([1-9]\d{0,5})$/.exec(line(bytes, 0) ?? '')
  const at = bytes.indexOf(10) + 1
  const [, length] = /^\$([1-9]\d{0,2})$/.exec(line(bytes, at) ?? '') ?? []
  if (count === null || length === undefined) return false
  const from = bytes.indexOf(10, at) + 1
  return /^[A-Za-z._]+$/.test(line(bytes, from) ?? '') && (line(bytes, from) ?? '').length === Number(length)
}

/** Text, error, number, bulk, array, and what RESP3 added. */
function isReply(bytes: Uint8Array): boolean {
  return bytes.length === 0 || '+-:$*%~_,#(=>'.includes(String.fromCharCode(u8(bytes, 0)))
}
