import {
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import {
  checkLiterals,
  compileChecks,
  type Hashing,
  hashingFourAtOnce,
  hashingOneByOne,
  type Primitives,
  pointOf,
} from '@tidewaiter/protocol'
import { Compile } from 'typebox/schema'

compileChecks(Compile)

const zeroCounter = new Uint8Array(16)
const publicKeys = new WeakMap<Uint8Array, KeyObject>()
const privateKeys = new WeakMap<Uint8Array, KeyObject>()

/** So few are hashed before the code for many is made. */
const fewMessages = 1024
const oneByOne = hashingOneByOne((data) => hash('sha256', data, 'buffer'))
let many: Hashing | undefined
let isSmall = false

/**
 * With true, many messages too are hashed one by one: compiling the code for many makes V8 load its compiler, 5 MB of the
 * Node binary and 3 MB beside it (measured), which a process that stays small for the sake of its host does without.
 */
export function keepHashingSmall(is: boolean): void {
  isSmall = is
}

/**
 * Not in a thread beside the main one: threads that come and go with compiled WebAssembly can end the whole process
 * ("Check failed: jit_page.has_value()", V8's list of code pages; https://github.com/nodejs/node/issues/64500).
 */
function mayCompile(): boolean {
  return process.getBuiltinModule('node:worker_threads').isMainThread
}

/** Primitives on `node:crypto` and `node:zlib`. */
export const nodePrimitives: Primitives = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  hashing(count) {
    if (count < fewMessages || (isSmall && many === undefined)) return oneByOne
    many ??= (mayCompile() ? hashingFourAtOnce(oneByOne) : undefined) ?? oneByOne
    return many
  },
  sha256Stream() {
    const stream = createHash('sha256')
    return { update: (data) => void stream.update(data), digest: () => stream.digest() }
  },
  aes256ctr: (key, length) => createCipheriv('aes-256-ctr', key, zeroCounter).update(new Uint8Array(length)),
  signP256: (key, data) => sign('sha256', data, { key: privateKey(key), dsaEncoding: 'der' }),
  verifyP256(key, data, signature) {
    try {
      return verify('sha256', data, { key: publicKey(key), dsaEncoding: 'der' }, signature)
    } catch {
      return false
    }
  },
  deflate: (data) =>
    zstdCompressSync(data, {
      params: {
        [constants.ZSTD_c_compressionLevel]: 1,
        // As wide as any payload, so that the frame is a single segment (measured: 0.1 us a line more than level 1's own).
        [constants.ZSTD_c_windowLog]: 23,
      },
    }),
  inflate(data, frame) {
    checkLiterals(data, frame)
    return zstdDecompressSync(data, { maxOutputLength: Math.max(frame.size, 1) })
  },
}

/** A key object costs more to make than a signature to check: kept as long as its bytes are. */
function publicKey(spki: Uint8Array): KeyObject {
  const known = publicKeys.get(spki)
  if (known !== undefined) return known
  if (pointOf(spki) === undefined) throw new TypeError('not a P-256 key')
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  publicKeys.set(spki, key)
  return key
}

function privateKey(pkcs8: Uint8Array): KeyObject {
  const known = privateKeys.get(pkcs8)
  if (known !== undefined) return known
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  privateKeys.set(pkcs8, key)
  return key
}
