import type { Layers } from './layers.ts'

/**
 * Who writes a capture must not be able to choose flows that all fall together: their search would cost the square of
 * their number. Nothing that is told depends on it.
 */
const seed = (Math.random() * 2 ** 32) | 0

/** The same for both directions. 31 bits, which an engine keeps without allocating. */
export function hashOf(layers: Layers): number {
  const { source, destination, sourcePort, destinationPort, protocol } = layers
  const [a, b] = [hashOfEnd(source, sourcePort), hashOfEnd(destination, destinationPort)]
  return mix(seed ^ protocol, (a + b) | 0) >>> 1
}

function hashOfEnd(address: Layers['source'], port: number): number {
  let hash = mix(seed, port)
  hash = mix(hash, address[0])
  hash = mix(hash, address[1])
  hash = mix(hash, address[2])
  return finish(mix(hash, address[3]))
}

/** The step and the end of MurmurHash3 with 32 bits (public domain). */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  const mixed = hash ^ k
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

function finish(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
