import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { payloadFiles, tagFiles } from '@tidewaiter/protocol'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildToEnd, by, openTestConsole } from './package.fixture.ts'
import { openPackages } from './packages.ts'
import { type Files, filesOf, type Part, pack, partsOf, problemsOf, relist, verify } from './repack.fixture.ts'

let container: Buffer
let parts: Part[]
let directoryAt: number

beforeAll(async () => {
  const console = await openTestConsole()
  const packages = await openPackages(console.deps)
  const { id } = await buildToEnd(packages, console.incident)
  container = readFileSync((await packages.file(id, by)).path)
  parts = partsOf(container)
  directoryAt = parts.at(-1)?.end ?? 0
  await packages.close()
  await console.close()
})

/** What the first problem must begin with when this byte is another one. */
function placeOf(offset: number): string {
  const part = parts.find(({ at, end }) => offset >= at && offset < end)
  return part !== undefined && offset >= part.dataAt ? `files: ${part.path}:` : `container: container@${offset}:`
}

function flipped(offset: number, mask = 1): Buffer {
  const copy = Buffer.from(container)
  copy[offset] = (copy[offset] ?? 0) ^ mask
  return copy
}

async function firstProblem(changed: Uint8Array): Promise<string> {
  return (await problemsOf(changed))[0] ?? 'no problem'
}

test('a package as it was built is intact, and packed again from its parts it is the same bytes', async () => {
  const report = await verify(container)

  expect(report).toMatchObject({ ok: true, files: parts.length, recordsProven: 6, batchesComplete: 0 })
  expect(pack(filesOf(container)).equals(container)).toBe(true)
})

describe('one byte changed', () => {
  test('in the first, the middle or the last byte of any file names that file', async () => {
    for (const { path, dataAt, end } of parts)
      for (const offset of [dataAt, Math.floor((dataAt + end) / 2), end - 1])
        expect([path, await firstProblem(flipped(offset))]).toEqual([path, expect.stringContaining(`files: ${path}:`)])
  })

  test('in any byte before the data of a file names that byte of the container', async () => {
    for (const part of [parts[0]!, parts[11]!, parts.at(-1)!])
      for (let offset = part.at; offset < part.dataAt; offset++)
        expect(await firstProblem(flipped(offset))).toContain(`container: container@${offset}:`)
  })

  test('in any byte of the directory and its end names that byte of the container', async () => {
    const last = container.length - 22 - 46 - (parts.at(-1)?.name.length ?? 0)
    const first = directoryAt + 46 + (parts[0]?.name.length ?? 0)
    for (let offset = directoryAt; offset < container.length; offset = offset === first ? last : offset + 1)
      expect(await firstProblem(flipped(offset))).toContain(`container: container@${offset}:`)
  })

  test('anywhere, in any bit, is named where it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(container.length - 1), fc.integer({ min: 1, max: 255 }), async (offset, mask) => {
        expect(await firstProblem(flipped(offset, mask))).toContain(placeOf(offset))
      }),
      { numRuns: 150 },
    )
  })

  test('with the CRCs made to fit names the file, or that the signature does not hold', async () => {
    for (const { path } of parts) {
      const files = filesOf(container)
      const data = files.get(path)!
      data[data.length >> 1] = data[data.length >> 1]! ^ 1

      const problems = await problemsOf(pack(files))

      expect([path, problems.some((problem) => problem.includes(path))]).toEqual([path, true])
    }
  })
})

describe('files', () => {
  const changed = (change: (files: Files) => void, options?: Parameters<typeof pack>[1]) => {
    const files = filesOf(container)
    change(files)
    return problemsOf(pack(files, options))
  }

  test('added, in a container that fits them, are named', async () => {
    expect(await changed((files) => files.set('data/extra.txt', Buffer.from('x')))).toContain(
      'files: data/extra.txt: not listed in manifest-sha256.txt',
    )
    expect(await changed((files) => files.set('extra.txt', Buffer.from('x')))).toContain(
      'files: extra.txt: not listed in manifest-sha256.txt',
    )
  })

  test('added and listed are refused by the signature and by the closed list of files', async () => {
    const problems = await problemsOf(pack(relist(filesOf(container).set('data/extra.exe', Buffer.from('x')))))

    expect(problems).toContain('bag: data/extra.exe: not a file of package/1')
    expect(problems.join('\n')).toContain('signature: tagmanifest-sha256.txt.sig: not the signature')
  })

  test('removed are named, whichever it is', async () => {
    for (const { path } of parts)
      expect(await changed((files) => files.delete(path))).toEqual(
        expect.arrayContaining([
          expect.stringMatching(new RegExp(`^(files|bag): ${path.replaceAll('.', '\\.')}: missing`)),
        ]),
      )
  })

  test('renamed are named by both names', async () => {
    const problems = await changed((files) => {
      files.set('data/40_times.csv', files.get(payloadFiles.timeline)!)
      files.delete(payloadFiles.timeline)
    })

    expect(problems).toEqual(
      expect.arrayContaining([
        'files: data/40_timeline.csv: missing',
        'files: data/40_times.csv: not listed in manifest-sha256.txt',
      ]),
    )
  })

  test('in another order are named', async () => {
    const files = new Map([...filesOf(container)].reverse())

    expect((await problemsOf(pack(files, { sorted: false }))).join('\n')).toContain('out of order')
  })

  test('whose contents were exchanged are both named', async () => {
    const problems = await changed((files) => {
      const [csv, timeline] = [files.get(payloadFiles.indicatorsCsv)!, files.get(payloadFiles.timeline)!]
      files.set(payloadFiles.indicatorsCsv, timeline).set(payloadFiles.timeline, csv)
    })

    expect(problems.filter((problem) => problem.startsWith('files: '))).toEqual([
      expect.stringContaining(payloadFiles.indicatorsCsv),
      expect.stringContaining(payloadFiles.timeline),
    ])
  })

  test.each(['../evil', 'data/../../evil', '/etc/passwd', 'data//x', 'data/con.txt', 'data/a b', '~root/x', 'data/x.'])(
    'with the name %s are refused',
    async (name) => {
      expect((await changed((files) => files.set(name, Buffer.from('x')))).join('\n')).toContain('not a name')
    },
  )

  test('whose names differ in case only, or that stand twice, are refused', async () => {
    const twice = Buffer.from(container)
    const [first, second] = [
      parts.find(({ path }) => path === tagFiles.certificate)!,
      parts.find(({ path }) => path === tagFiles.publicKey)!,
    ]
    expect(second.at).toBe(first.end)

    const same = await changed((files) => files.set('data/40_Timeline.csv', Buffer.from('x')))
    const double = Buffer.concat([twice.subarray(0, first.end), twice.subarray(first.at)])

    expect(same.join('\n')).toContain('in case only')
    expect(await problemsOf(double)).not.toEqual([])
  })
})

describe('the container as a whole', () => {
  test('cut off anywhere is named with the place where it ends', async () => {
    for (const length of [
      0,
      3,
      29,
      100,
      directoryAt - 1,
      directoryAt,
      directoryAt + 10,
      container.length - 22,
      container.length - 1,
    ]) {
      const [problem = ''] = await problemsOf(container.subarray(0, length))
      expect([length, problem]).toEqual([length, expect.stringMatching(/^container: container@\d+:/)])
    }
  })

  test('with bytes before, behind or between is named with the place', async () => {
    expect(await firstProblem(Buffer.concat([Buffer.from('x'), container]))).toContain('container@0:')
    expect(await firstProblem(Buffer.concat([container, Buffer.from('x')]))).toContain(`container@${container.length}:`)
    const gap = Buffer.concat([
      container.subarray(0, directoryAt),
      Buffer.from('xxxx'),
      container.subarray(directoryAt),
    ])
    expect(await firstProblem(gap)).toContain(`container@${directoryAt}:`)
  })

  test('packed again by another program is not the canonical one', async () => {
    const files = parts.map(({ at, end }) => container.subarray(at, end))
    const commented = Buffer.concat([container, Buffer.from('hello')])
    commented.writeUInt16LE(5, container.length - 2)

    expect(await firstProblem(commented)).toContain(`container@${container.length - 2}:`)
    expect(await firstProblem(Buffer.concat(files))).toMatch(/container@\d+: the container ends without a directory/)
  })

  test('that says absurd sizes or counts is refused without being believed', async () => {
    const huge = Buffer.from(container)
    huge.writeUInt32LE(0xfffffffe, parts[3]!.at + 18)
    const many = Buffer.from(container)
    many.writeUInt16LE(0xfffe, container.length - 12)

    expect(await firstProblem(huge)).toContain(`container@${parts[3]!.at + 18}:`)
    expect(await firstProblem(many)).toContain(`container@${container.length - 12}:`)
    for (const junk of [Buffer.alloc(0), Buffer.alloc(100), Buffer.from('PK\u0005\u0006'.padEnd(22, '\0'))])
      expect(await problemsOf(junk)).not.toEqual([])
  })

  test('of random bytes never makes the verifier throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(container.length), async (junk, at) => {
        const mixed = Buffer.concat([container.subarray(0, at), junk, container.subarray(at + junk.length)])
        if (!mixed.equals(container)) expect(await problemsOf(mixed)).not.toEqual([])
        expect(await problemsOf(junk)).not.toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('is one a stock tool can check: the CRC of every file is that of its bytes', () => {
    for (const { crc32: written, dataAt, end } of parts) expect(crc32(container.subarray(dataAt, end))).toBe(written)
  })
})
