import { createGunzip } from 'node:zlib'
import { type Blocks, Broken } from './blocks.ts'

export function isGzip(sample: Uint8Array): boolean {
  return sample[0] === 0x1f && sample[1] === 0x8b && sample[2] === 8
}

/** A byte of deflate is at most 1032 bytes of content: that much of one step is held. */
const stepBytes = 16 * 1024
/** What zlib has inflated and not given yet is lost when it fails: at most its buffer. */
const lostBytes = 4 * 1024

const damaged = 'The compressed data is damaged or cut off here; up to 4 KiB before may be missing.'
const followed = 'What follows the compressed data is none.'

/**
 * What gzip holds, piece by piece. A stream pipe would drop what was inflated last when the data is damaged behind it;
 * here it is given, and then `Broken` is thrown.
 */
export async function* inflate(blocks: Blocks): AsyncGenerator<Uint8Array> {
  const gunzip = newGunzip()
  try {
    for await (const block of blocks)
      for (let at = 0; at < block.length; at += stepBytes) {
        if (gunzip.isOver()) throw new Broken(followed)
        // Copied: zlib may still read it when the block is not valid any more.
        await gunzip.write(Buffer.from(block.subarray(at, at + stepBytes)))
        yield* gunzip.take()
        gunzip.check()
      }
    await gunzip.end()
    yield* gunzip.take()
    gunzip.check()
  } finally {
    gunzip.destroy()
  }
}

/** zlib calls nobody back for input that comes to nothing, after an error or the end: whatever comes first wakes. */
function newGunzip() {
  const stream = createGunzip({ chunkSize: lostBytes })
  let done: Buffer[] = []
  let failure: Error | undefined
  let isOver = false
  let wake = () => {}
  stream.on('data', (piece: Buffer) => done.push(piece))
  stream.on('error', (error) => {
    failure = error
    wake()
  })
  stream.on('end', () => {
    isOver = true
    wake()
  })
  const waking = (act: (called: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      if (isOver || failure !== undefined) resolve()
      else act(resolve)
    })
  return {
    isOver: () => isOver,
    write: (bytes: Buffer) => waking((called) => stream.write(bytes, () => called())),
    end: () => waking(() => stream.end()),
    take() {
      const taken = done
      done = []
      return taken
    },
    check() {
      if (failure !== undefined) throw new Broken(damaged, { cause: failure })
    },
    destroy: () => stream.destroy(),
  }
}
