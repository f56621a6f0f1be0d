import { toText, view } from './text.ts'
import { wideText } from './wide.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** Of a file of Windows: by its byte order mark, or by the zeros in its first letter. */
export function encodingOf(sample: Uint8Array): Encoding {
  const [first, second] = sample
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be'
  return 'utf-8'
}

/** Text in any of them, without a byte order mark. */
export function textIn(bytes: Uint8Array, encoding: Encoding = encodingOf(bytes)): string {
  const text = decoded(bytes, encoding)
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function decoded(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding === 'utf-8') return toText(bytes)
  if (encoding === 'utf-16le') return wideText(view(bytes), 0, bytes.length)
  const even = bytes.subarray(0, bytes.length & ~1)
  return wideText(Buffer.from(even).swap16(), 0, even.length)
}
