const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function toUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Text of UTF-8 bytes; throws a TypeError on anything else. */
export function fromUtf8(bytes: Uint8Array): string {
  return strict.decode(bytes)
}

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Bytes of lower-case hex; undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

/** Standard base64 with padding. `btoa` exists in Node and in browsers. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}

/** Bytes of canonical base64; undefined for anything else, so that one value has one spelling. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return toBase64(bytes) === text ? bytes : undefined
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return concatIn((bytes) => new Uint8Array(bytes), parts)
}

/** The same in memory that `scratch` gives for so many bytes. */
export function concatIn(scratch: (bytes: number) => Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const whole = scratch(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** Writes a non-negative safe integer as 8 bytes, big-endian. */
export function writeUint64(out: Uint8Array, at: number, value: number): void {
  let high = Math.floor(value / 0x1_0000_0000)
  let low = value >>> 0
  for (let i = 3; i >= 0; i--) {
    out[at + i] = high & 0xff
    out[at + 4 + i] = low & 0xff
    high >>>= 8
    low >>>= 8
  }
}

/**
 * The value of one line of compact JSON: exactly the text that `JSON.stringify` gives for it (members in their order).
 * That refuses duplicate names, white space and second spellings of a number or string in one comparison.
 * @returns undefined when the bytes are anything else
 */
export function parseCompactJson(bytes: Uint8Array): unknown {
  try {
    const text = fromUtf8(bytes)
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? value : undefined
  } catch {
    return undefined
  }
}
