import { Refusal } from '../error.ts'
import type { Primitives } from '../primitives.ts'
import { readZstdFrame, type ZstdFrame } from './frame.ts'

/**
 * Inflates a payload to exactly `size` bytes. The shape of the frame is checked here, for all primitives alike, before
 * anything is inflated: no more memory is asked for than was announced.
 * @throws `inflate-too-large`, `payload-malformed`
 */
export function inflatePayload(p: Primitives, payload: Uint8Array, size: number): Uint8Array {
  const frame = readZstdFrame(payload)
  if (frame.size > size)
    throw new Refusal('inflate-too-large', `inflates to ${frame.size} bytes, announced were ${size}`)
  if (frame.size < size) throw malformed(`inflates to ${frame.size} bytes, announced were ${size}`)
  const raw = tryInflate(p, payload, frame)
  if (raw.length !== size) throw malformed(`inflates to ${raw.length} bytes, announced were ${size}`)
  return raw
}

function tryInflate(p: Primitives, payload: Uint8Array, frame: ZstdFrame): Uint8Array {
  try {
    return p.inflate(payload, frame)
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw new Refusal('payload-malformed', 'does not inflate', { cause })
  }
}

function malformed(says: string): Refusal {
  return new Refusal('payload-malformed', says)
}
