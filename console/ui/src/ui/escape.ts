/** What comes from hosts, mails and files is shown as text in which nothing can hide: these pure functions cut it. */

export interface Segment {
  text: string
  /** Code point of a character that would not be seen, or would change how its neighbours are seen. */
  hidden?: number
}

/** Control pictures for C0 (U+2400 ...): the reader sees which one, and the width stays one character. */
function shownAs(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '␡'
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

/** Ranges of characters without a shape of their own: C0, C1, soft hyphen, joiners, bidi controls, tags, variation selectors, BOM. */
const unseen: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
]

function isUnseen(code: number): boolean {
  if (code >= 0x20 && code < 0x7f) return false
  if (code >= 0xd800 && code <= 0xdfff) return true
  return unseen.some(([from, to]) => code >= from && code <= to)
}

/** Cuts text at what cannot be seen. `lines` keeps LF and TAB as they are, for boxes that show several lines. */
export function segmentsOf(text: string, options: { lines?: boolean } = {}): Segment[] {
  const segments: Segment[] = []
  let plain = ''
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const kept = options.lines === true && (code === 0x0a || code === 0x09)
    if (kept || !isUnseen(code)) {
      plain += char
      continue
    }
    if (plain !== '') segments.push({ text: plain })
    plain = ''
    segments.push({ text: shownAs(code), hidden: code })
  }
  if (plain !== '') segments.push({ text: plain })
  return segments
}

/** The same as one string, for titles and labels. */
export function escapeText(text: string): string {
  return segmentsOf(text)
    .map((segment) => segment.text)
    .join('')
}

/** Text of bytes that should be UTF-8; a byte that is not becomes `⟨0xFF⟩`. Never replaced silently. */
export function textOfBytes(bytes: Uint8Array): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return strict.decode(bytes)
  } catch {
    return textWithMarks(bytes, strict)
  }
}

function textWithMarks(bytes: Uint8Array, strict: TextDecoder): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0)
    const piece = bytes.subarray(at, at + length)
    const read = length > 0 && piece.length === length ? tryDecode(strict, piece) : undefined
    text += read ?? `⟨0x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}⟩`
    at += read === undefined ? 1 : length
  }
  return text
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead < 0xe0) return 2
  if (lead >= 0xe0 && lead < 0xf0) return 3
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0
}

function tryDecode(strict: TextDecoder, piece: Uint8Array): string | undefined {
  try {
    return strict.decode(piece)
  } catch {
    return undefined
  }
}

/** True for bytes that are better shown as a hex dump: NUL or many bytes that are no text. */
export function looksBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 4096)
  let odd = 0
  for (const byte of sample) if (byte === 0 || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)) odd += 1
  return odd > sample.length / 10
}

/** Lines of 16 bytes: offset, hex, and what is printable. At most `limit` bytes. */
export function hexDump(bytes: Uint8Array, limit = 4096): string {
  const lines: string[] = []
  for (let at = 0; at < Math.min(bytes.length, limit); at += 16) {
    const row = [...bytes.subarray(at, Math.min(at + 16, limit))]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text}`)
  }
  return lines.join('\n')
}
