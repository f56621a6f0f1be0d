import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Chunk } from '@tidewaiter/protocol'
import type { Taken } from '../collectors/collector.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { type FakeHost, newFakeHost } from '../host.fixture.ts'
import { newLinuxHost } from '../host-linux.ts'
import { Follower, type Following } from './follower.ts'
import { newReadingRoom } from './reading-room.ts'
import { lines, type Shape } from './shape.ts'

/** A log on a real disk, written and rotated as programs do. */
export function newLog(name = 'x.log') {
  const path = join(temporaryFolder(), 'log', name)
  mkdirSync(dirname(path))
  const old = (number: number) => `${path}.${number}`
  const shift = () => {
    for (let number = 20; number >= 1; number--) if (existsSync(old(number))) renameSync(old(number), old(number + 1))
  }
  return {
    path,
    append: (text: string | Buffer) => appendFileSync(path, text),
    /** Writes to the file that was rotated last, as a program does that has not noticed. */
    appendLate: (text: string) => appendFileSync(old(1), text),
    rename() {
      shift()
      renameSync(path, old(1))
    },
    create: () => writeFileSync(path, '', { flag: 'a' }),
    copyAndTruncate() {
      shift()
      copyFileSync(path, old(1))
      truncateSync(path)
    },
    truncate: () => truncateSync(path),
    remove: () => unlinkSync(path),
    exists: () => existsSync(path),
    /** The files it was rotated to, newest first. */
    rotated: () => Array.from({ length: 21 }, (_, i) => old(i + 1)).filter((each) => existsSync(each)),
    wasRenamed: () => existsSync(old(1)),
  }
}

/** Real files under a clock that a test moves by hand; nobody is woken. */
export function newFileHost(): FakeHost {
  const { stat, open, list, read } = newLinuxHost()
  return { ...newFakeHost(), stat, open, list, read }
}

/**
 * What was handed over, and how to go on from there.
 * @param now tells the time as the files have it, milliseconds since 1970
 */
export function newLooker(
  path: string,
  { host = newFileHost(), shape = lines, now = Date.now }: { host?: FakeHost; shape?: Shape; now?: () => number } = {},
) {
  const source = `log-file:${path}`
  const taken: Taken[] = []
  const chunks: Chunk[] = []
  let place: Pick<Following, 'position' | 'predecessor' | 'seenAtMs'> = { position: undefined, predecessor: undefined }
  let follower = newFollower()
  function newFollower() {
    const reading = { host, source, shape, room: newReadingRoom() }
    return new Follower({ path, reading, ...place, changed: () => {} })
  }
  return {
    host,
    taken,
    chunks,
    position: () => place.position,
    /** Looks until there is no more, or `most` times. */
    async look(most = 1000) {
      for (let i = 0, more = true; more && i < most; i++) more = await this.lookOnce()
    },
    async lookOnce(): Promise<boolean> {
      const looking = follower.look()
      for (;;) {
        const { value, done } = await looking.next()
        if (done === true) return value
        taken.push(value)
        if (!('chunks' in value)) continue
        chunks.push(...value.chunks.map((chunk) => ({ ...chunk, bytes: Buffer.from(chunk.bytes) })))
        place = { position: value.next, predecessor: value.predecessor, seenAtMs: now() }
      }
    },
    /** As after a kill: only what was handed over is known. */
    async restart() {
      await follower.close()
      follower = newFollower()
    },
    close: () => follower.close(),
    losses: () => taken.flatMap((each) => ('lost' in each ? [each.lost.cause] : [])),
    records: () => chunks.flatMap(recordsOf),
    /** Lines as the console joins them: parts and open ends with what follows. */
    lines: () => joined(chunks),
  }
}

export function recordsOf({ head, lengths, bytes }: Chunk): string[] {
  let at = 0
  return lengths.map((length) => {
    const record = Buffer.from(bytes.subarray(at, at + length)).toString('latin1')
    at += length + (head.lf ? 1 : 0)
    return record
  })
}

function joined(chunks: readonly Chunk[]): string[] {
  const all: string[] = []
  // Two files may be read in turns; a line that was begun in one can end in a copy of it.
  const begun = new Map<number, string>()
  for (const { head, lengths, bytes } of chunks) {
    const start = 'offset' in head.start ? head.start.offset : 0
    const [first = '', ...others] = recordsOf({ head, lengths, bytes })
    const line = (begun.get(start) ?? '') + first
    begun.delete(start)
    if (head.lf) all.push(line, ...others)
    else begun.set(start + bytes.length, line)
  }
  return [...all, ...begun.values()]
}
