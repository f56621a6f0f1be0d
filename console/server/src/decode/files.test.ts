import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { Event } from './decoder.ts'
import { decodeFile, type FileOptions } from './files.ts'
import { recorded, recordedChunks } from './recorded.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'decode-'))
afterAll(() => rmSync(folder, { recursive: true }))

const unknown = expect.objectContaining({ code: 'format-unknown' })
const unreadable = expect.objectContaining({ code: 'file-unreadable' })
let files = 0

function fileOf(bytes: string | Uint8Array, name = 'file'): string {
  files += 1
  const path = join(folder, `${files}-${name}`)
  writeFileSync(path, bytes)
  return path
}

function read(source: string | Readable, options: FileOptions = {}): Promise<Event[]> {
  return Array.fromAsync(decodeFile(source, options))
}

const readBytes = (bytes: string | Uint8Array, options?: FileOptions) => read(fileOf(bytes), options)
const idsOf = (events: readonly Event[]) => events.map(({ tidewaiter: { record } }) => record)
const saysOf = (events: readonly Event[]) => events.map(({ error }) => error?.message)
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('records', () => {
  test('are named by the hash of the file and the byte at which they begin', async () => {
    const text = 'one\r\n\nthree'

    const events = await readBytes(text)

    expect(idsOf(events)).toEqual([0, 5, 6].map((offset) => `${sha256(text)}:${offset}`))
    expect(events.map(({ event }) => event.original)).toEqual(['one\r', '', 'three'])
  })

  test('of a stream are named by their byte in it', async () => {
    expect(idsOf(await read(Readable.from([Buffer.from('one\ntw'), Buffer.from('o\nthree')])))).toEqual([
      'stdin:0',
      'stdin:4',
      'stdin:8',
    ])
  })

  test('of a compressed file are named by the hash of the file that lies there and the byte of what it holds', async () => {
    const bytes = gzipSync('one\ntwo\n')

    expect(idsOf(await readBytes(bytes))).toEqual([`${sha256(bytes)}:0`, `${sha256(bytes)}:4`])
    expect(idsOf(await read(Readable.from([bytes])))).toEqual(['stdin:0', 'stdin:4'])
  })

  test('do not hold a byte order mark', async () => {
    const events = await readBytes('\uFEFFNov 25 13:34:21 h sshd[7]: Server listening on :: port 22.\n')

    expect(events).toMatchObject([{ event: { dataset: 'sshd' }, tidewaiter: { record: expect.stringMatching(/:3$/) } }])
  })

  test('are the same, in whatever pieces a stream comes', async () => {
    const names = ['iso.log', 'classic.log', 'journal.export', 'wtmp', 'btmp']
    const whole = new Map<string, Event[]>()
    for (const name of names) whole.set(name, await read(Readable.from([recorded(name)])))
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 10 })

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), sizes, fc.boolean(), async (name, pieces, isZipped) => {
        const bytes = isZipped ? gzipSync(recorded(name)) : recorded(name)

        expect(await read(Readable.from(inPieces(bytes, pieces)))).toEqual(whole.get(name))
      }),
      { numRuns: 30 },
    )
  })

  test('have no year and no zone but those given by hand', async () => {
    const line = 'Nov 25 13:34:21 h cron[5]: x\n'

    expect((await readBytes(line))[0]).not.toHaveProperty('@timestamp')
    expect((await readBytes(line, { year: 2020, zone: '-05:00' }))[0]).toMatchObject({
      '@timestamp': '2020-11-25T18:34:21Z',
    })
  })

  test('of a snapshot do not say when it was taken, and tell of nothing that began', async () => {
    const [chunk] = recordedChunks('process')
    const [event] = await readBytes(chunk?.records.join('\n') ?? '')

    expect(event).toMatchObject({ event: { dataset: 'process', type: ['info'] } })
    expect(event).not.toHaveProperty('@timestamp')
  })
})

describe('a file that as a whole cannot be read is refused', () => {
  test('when it is not there, or is no regular file', async () => {
    mkdirSync(join(folder, 'a-folder'))
    spawnSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'a-pipe')])

    for (const path of ['missing', 'a-folder', 'a-pipe', 'file/below'].map((name) => join(folder, name)))
      await expect(read(path)).rejects.toEqual(unreadable)
    await expect(read('/dev/zero')).rejects.toEqual(unreadable)
  })

  test('when this account may not read it', async () => {
    const path = fileOf('secret')
    chmodSync(path, 0)
    const isRoot = process.getuid?.() === 0
    if (isRoot) process.seteuid?.(65_534)
    try {
      await expect(read(path)).rejects.toEqual(unreadable)
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })

  test('when it is in no format that is known', async () => {
    const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff))
    const sparse = fileOf('')
    truncateSync(sparse, 64 * 1024 * 1024)

    for (const path of [fileOf(noise), sparse, fileOf(gzipSync(noise))])
      await expect(read(path)).rejects.toEqual(unknown)
    expect((await read(fileOf(noise), { as: 'text' })).length).toBeGreaterThan(100)
  })

  test.each([
    ['bzip2', 'BZh91AY&SY', 'bunzip2'],
    ['xz', '\xfd7zXZ\0\0\x04', 'unxz'],
    ['Zstandard', '\x28\xb5\x2f\xfd', 'unzstd'],
    ['zip', 'PK\x03\x04', 'unzip'],
  ])('when it is %s, and says how to unpack it', async (_name, begin, how) => {
    const bytes = Buffer.from(begin + '\x01\x90\x02'.repeat(50), 'latin1')

    await expect(readBytes(bytes)).rejects.toMatchObject({ code: 'format-unknown', says: expect.stringContaining(how) })
  })

  test('when it is UTF-16, and says how to convert it', async () => {
    for (const mark of ['\uFEFF', '\uFFFE'])
      await expect(readBytes(Buffer.from(`${mark}some text`, 'utf16le'))).rejects.toThrow(/iconv/)
  })

  test('when it only begins like a compressed one', async () => {
    await expect(readBytes(Buffer.from('\x1f\x8b\x08 and then nothing of it', 'latin1'))).rejects.toEqual(unreadable)
  })

  test('when the stream fails before it gave anything', async () => {
    const failing = new Readable({ read: () => failing.destroy(new Error('EIO')) })

    await expect(read(failing)).rejects.toEqual(unreadable)
  })
})

test('an empty file has no events', async () => {
  expect(await readBytes('')).toEqual([])
  expect(await readBytes(gzipSync(''))).toEqual([])
  expect(await read(Readable.from([]))).toEqual([])
})

test('how many bytes there are is known at the end, so that an empty file is told from one without events', async () => {
  const bytesOf = async (text: string) => {
    const events = decodeFile(fileOf(text))
    for (;;) {
      const next = await events.next()
      if (next.done === true) return next.value
    }
  }

  expect([await bytesOf(''), await bytesOf('\n\n'), await bytesOf('one\n')]).toEqual([0, 2, 4])
})

test('a file of /proc says that it has no size and is read all the same', async () => {
  expect((await read('/proc/self/status')).length).toBeGreaterThan(10)
})

test('options that are none are refused before anything is read', async () => {
  const malformed = expect.objectContaining({ code: 'input-malformed' })

  for (const options of [{ as: 'sshd' }, { as: '' }, { zone: 'Nowhere' }, { year: 1 }])
    await expect(read(join(folder, 'missing'), options)).rejects.toEqual(malformed)
})

describe('what cannot be read within a file is an event that says so', () => {
  const text = recorded('iso.log')
  const lines = text.toString('latin1').split('\n').length - 1

  test('where compressed data is cut off', async () => {
    const bytes = gzipSync(text)
    const events = await readBytes(bytes.subarray(0, bytes.length / 2))

    expect(events.length).toBeGreaterThan(lines / 4)
    expect(events.length).toBeLessThan(lines)
    expect(saysOf(events).at(-1)).toContain('damaged or cut off')
  })

  test('where it is damaged', async () => {
    const bytes = gzipSync(Buffer.concat(Array.from({ length: 20 }, () => text)))
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 300)
    const events = await readBytes(bytes)

    expect(events.length).toBeGreaterThan(lines * 4)
    expect(saysOf(events).at(-1)).toContain('damaged or cut off')
  })

  test('where something follows it, and a second member is read', async () => {
    expect(await readBytes(Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]))).toHaveLength(2)
    const events = await readBytes(Buffer.concat([gzipSync(text), Buffer.alloc(100_000, 'x')]))
    expect(saysOf(events).at(-1)).toBeTypeOf('string')
  })

  test('where a stream fails', async () => {
    async function* failing() {
      yield Buffer.concat(Array.from({ length: 10 }, () => text))
      throw Object.assign(new Error('gone'), { code: 'EIO' })
    }
    const events = await read(Readable.from(failing()))

    expect(events.length).toBe(lines * 10 + 1)
    expect(saysOf(events).at(-1)).toContain('EIO')
  })

  test('where a last login record is torn', async () => {
    const events = await readBytes(Buffer.concat([recorded('wtmp'), Buffer.from('torn')]))

    expect(saysOf(events).map((says) => says !== undefined)).toEqual([false, false, false, false, true])
  })

  test('where the last entry of a journal has no end', async () => {
    const whole = recorded('journal.export')
    const entries = saysOf(await readBytes(whole)).length

    expect(saysOf(await readBytes(whole)).filter((says) => says !== undefined)).toEqual([])
    for (const cut of [1, 20]) {
      const says = saysOf(await readBytes(whole.subarray(0, whole.length - cut)))
      expect(says).toHaveLength(entries)
      expect(says.filter((one) => one !== undefined)).toEqual([says.at(-1)])
    }
  })

  test('where a record is longer than may be held', async () => {
    const long = Buffer.alloc(20 * 1024 * 1024, 'a')
    const events = await readBytes(Buffer.concat([Buffer.from('one\n'), long, Buffer.from('\nlast\n')]))

    const lengths = events.map(({ event }) => event.original?.length)
    expect(lengths).toEqual([3, 8 * 1024 * 1024, 8 * 1024 * 1024, 4 * 1024 * 1024, 4])
    expect(saysOf(events).map((says) => says?.includes('8 MiB'))).toEqual([undefined, true, true, true, undefined])
    expect(idsOf(events).map((id) => Number(id.split(':')[1]))).toEqual([
      ...[0, 4, 4 + 8 * 1024 * 1024, 4 + 16 * 1024 * 1024],
      4 + long.length + 1,
    ])
  })

  test('where the file changed while it was read', async () => {
    const bytes = Buffer.concat(Array.from({ length: 30 }, () => text))
    const path = fileOf(bytes)
    const events: Event[] = []
    for await (const event of decodeFile(path)) {
      if (events.length === 0) writeFileSync(path, bytes.fill('x', bytes.length - 100))
      events.push(event)
    }

    expect(saysOf(events).at(-1)).toContain('changed while it was read')
    expect(saysOf(await read(path)).at(-1) ?? '').not.toContain('changed')
  })
})

test('a reader that stops early lets go of the file', async () => {
  const path = fileOf(recorded('iso.log'))
  const seen: boolean[] = []
  for await (const _ of decodeFile(path)) {
    seen.push(isOpen(path))
    break
  }

  expect([...seen, isOpen(path)]).toEqual([true, false])
})

function isOpen(path: string): boolean {
  return spawnSync('find', ['-L', `/proc/${process.pid}/fd`, '-samefile', path]).stdout.length > 0
}

function* inPieces(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}
