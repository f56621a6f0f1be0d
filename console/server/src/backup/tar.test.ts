import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Member, memberOf, membersOf, tarOf, wholeOf } from './tar.ts'

test('members come back as they were put in, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 6 }), async (contents) => {
      const members = contents.map((bytes, i) => memberOf(`store/host/${i}.ndjson`, bytes))
      const read = await readAll(await written(members))
      expect(read.map(({ name }) => name)).toEqual(members.map(({ name }) => name))
      expect(read.map(({ bytes }) => [...bytes])).toEqual(contents.map((bytes) => [...bytes]))
    }),
  )
})

test('names that lead elsewhere, links, folders and other fields are refused', async () => {
  const good = await written([memberOf('keys/ca.pem', Buffer.from('x'))])
  for (const name of ['../x', '/etc/passwd', 'keys/../../x', 'keys//x', '.x', 'keys/..'])
    await expectRefused(resummed(good, (block) => block.fill(0, 0, 100).write(name)))
  for (const type of ['1', '2', '5', 'x', 'L']) await expectRefused(resummed(good, (block) => block.write(type, 156)))
  await expectRefused(resummed(good, (block) => block.write('0000777\0', 100)))
  await expectRefused(resummed(good, (block) => block.write('77777777777', 124)))
})

test('an archive that is cut off, or goes on behind its end, is refused', async () => {
  const good = await written([memberOf('keys/ca.pem', Buffer.alloc(700, 1)), memberOf('end.json', Buffer.from('{}'))])

  for (const length of [0, 100, 600, 1500, good.length - 1]) await expectRefused(good.subarray(0, length))
  await expectRefused(Buffer.concat([good, Buffer.alloc(512)]))
})

test('a member that says it is larger than its kind can be is refused before it is read', async () => {
  const [member] = [memberOf('backup.json', Buffer.alloc(100))]

  await expect(wholeOf(member as Member, 99)).rejects.toMatchObject({ code: 'backup-malformed' })
})

test('a member of eight gigabytes and more tells its size', async () => {
  const size = 9 * 1024 ** 3
  const pieces = tarOf(one({ name: 'packages/x.zip', size, pieces: nothing() }))
  const { value: header } = await pieces.next()
  const source = (async function* () {
    yield header as Uint8Array
  })()

  const { value } = await membersOf(source).next()
  expect(value).toMatchObject({ name: 'packages/x.zip', size })
})

async function expectRefused(bytes: Buffer): Promise<void> {
  await expect(readAll(bytes)).rejects.toMatchObject({ code: expect.stringMatching(/^backup-/) })
}

/** The first header with something changed in it, and the right sum. */
function resummed(good: Buffer, change: (block: Buffer) => void): Buffer {
  const bytes = Buffer.from(good)
  const block = bytes.subarray(0, 512)
  change(block)
  block.fill(0x20, 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return bytes
}

async function written(members: readonly Member[]): Promise<Buffer> {
  const source = (async function* () {
    yield* members
  })()
  return Buffer.concat(await Array.fromAsync(tarOf(source)))
}

async function readAll(bytes: Buffer): Promise<{ name: string; bytes: Buffer }[]> {
  const read: { name: string; bytes: Buffer }[] = []
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += 333) yield bytes.subarray(at, at + 333)
  })()
  for await (const member of membersOf(source)) read.push({ name: member.name, bytes: await wholeOf(member, 1e6) })
  return read
}

async function* one(member: Member): AsyncGenerator<Member> {
  yield member
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
