import { concat, writeUint64 } from '../bytes.ts'
import type { Hashing } from './hashing.ts'

const pairBytes = 2 * 32

/** Every message is put together and hashed for itself. */
export function hashingOneByOne(sha256: (data: Uint8Array) => Uint8Array): Hashing {
  return {
    leaves({ count, salts, bytes, chunks }) {
      const leaves = new Uint8Array(count * 32)
      const place = new Uint8Array(8)
      for (const { headHash, first, starts, ends, positions } of chunks)
        for (let i = 0; i < starts.length; i++) {
          writeUint64(place, 0, positions[i] as number)
          const salt = salts.subarray((first + i) * 16, (first + i) * 16 + 16)
          const record = bytes.subarray(starts[i], ends[i])
          leaves.set(sha256(concat(Uint8Array.of(0), salt, headHash, place, record)), (first + i) * 32)
        }
      return leaves
    },
    parents(level, out) {
      const message = new Uint8Array(1 + pairBytes)
      message[0] = 1
      for (let i = 0; (i + 1) * pairBytes <= level.length; i++) {
        message.set(level.subarray(i * pairBytes, (i + 1) * pairBytes), 1)
        out.set(sha256(message), i * 32)
      }
    },
  }
}
