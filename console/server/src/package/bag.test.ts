import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyBag } from './bag.ts'

const data = process.env.TIDEWAITER_DATA ?? join(import.meta.dirname, '../../../../../shared/data')
const suite = join(data, 'bagit')
const isMissing = !existsSync(suite)
if (isMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('data'))
  throw new Error(`TIDEWAITER_REQUIRE names data, and there is no ${suite}`)

/** Bags of the conformance suite of the Library of Congress -> what they are. */
const truth: Record<string, string> = isMissing
  ? { 'all bags': 'not here' }
  : JSON.parse(readFileSync(join(suite, 'truth.json'), 'utf8'))

describe.skipIf(isMissing)('the conformance suite of the Library of Congress (shared data)', () => {
  test.for(Object.entries(truth))('%s is %s', async ([bag, what]) => {
    const { valid, warnings, errors } = await verifyBag(join(suite, bag))

    // Bags under linux-only lead out of the bag on Linux, and are invalid there.
    const isValid = what === 'valid' || what === 'warning'
    expect({ bag, valid, errors }).toEqual({ bag, valid: isValid, errors: isValid ? [] : expect.anything() })
    expect(errors.length > 0).toBe(!isValid)
    expect({ bag, warned: warnings.length > 0 }).toEqual({ bag, warned: what === 'warning' })
  })
})

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewaiter-bag-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A bag of one file, `data/a`, with what is given in place of or beside its files. */
async function bag(files: Record<string, string> = {}) {
  const all = {
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'data/a': 'hello',
    'manifest-sha256.txt': `${sha256('hello')}  data/a\n`,
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return verifyBag(folder)
}

test('a bag with nothing but what must be there is valid', async () => {
  expect(await bag()).toEqual({ valid: true, warnings: [], errors: [] })
})

test.each([
  ['../x', 'not a path that may be listed'],
  ['data/../../x', 'not a path that may be listed'],
  ['/etc/passwd', 'not a path that may be listed'],
  ['~root/x', 'not a path that may be listed'],
  ['C:\\x', 'not a path that may be listed'],
  ['data\\..\\..\\x', 'not a path that may be listed'],
  ['bagit.txt', 'not a path that may be listed'],
  ['data/b', 'listed in manifest-sha256.txt, and missing'],
])('a manifest that lists %s makes the bag invalid', async (path, why) => {
  const { valid, errors } = await bag({
    'manifest-sha256.txt': `${sha256('hello')}  data/a\n${sha256('hello')}  ${path}\n`,
  })

  expect(valid).toBe(false)
  expect(errors.join('\n')).toContain(why)
})

test.skipIf(process.platform === 'win32')('a link is never followed and makes the bag invalid', async () => {
  await mkdir(join(folder, 'data'))
  await symlink('/etc/hostname', join(folder, 'data', 'link'))

  expect((await bag()).errors).toEqual(['data/link: is a link or no file'])
})

test.skipIf(process.platform === 'win32')(
  'names with line ends and percent signs are written with percent signs',
  async () => {
    const lines = ['data/a', 'data/x%0Ay', 'data/100%25'].map((path) => `${sha256('hello')}  ${path}\n`)

    expect(
      await bag({ 'data/x\ny': 'hello', 'data/100%': 'hello', 'manifest-sha256.txt': lines.join('') }),
    ).toMatchObject({
      valid: true,
    })
  },
)

test.each([
  ['bagit.txt', 'BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n', 'version 2.0 is not known'],
  ['bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: EBCDIC-X\n', 'is not known'],
  ['bagit.txt', 'junk', 'two lines'],
  ['bag-info.txt', 'Payload-Oxum: 6.1\n', 'the payload has 5.1'],
  ['bag-info.txt', 'Payload-Oxum: 5.2\n', 'the payload has 5.1'],
  ['fetch.txt', 'not a line\n', 'is not a URL'],
  ['fetch.txt', 'http://x.example/a - data/../../a\n', 'leads out of the payload'],
  ['fetch.txt', 'http://x.example/b 5 data/b\n', 'is in no manifest'],
  ['manifest-sha256.txt', 'nothing\n', 'is not a hash and a path'],
  ['manifest-sha512.txt', '', 'does not list data/a'],
  ['tagmanifest-sha256.txt', `${'0'.repeat(64)}  bagit.txt\n`, 'its sha256 is not the one'],
  ['tagmanifest-sha256.txt', `${sha256('hello')}  data/a\n`, 'not a path that may be listed'],
  ['data/extra', 'x', 'is in no manifest'],
])('%s with the text "%s" is an error', async (name, text, why) => {
  const { valid, errors } = await bag({ [name]: text })

  expect(valid).toBe(false)
  expect(errors.join('\n')).toContain(why)
})

test('a manifest of an unknown algorithm is passed over beside one that can be checked, and not taken alone', async () => {
  expect(await bag({ 'manifest-blake3.txt': 'x' })).toMatchObject({
    valid: true,
    warnings: [expect.stringContaining('blake3')],
  })
  await rm(join(folder, 'manifest-sha256.txt'))
  expect(await verifyBag(folder)).toMatchObject({ valid: false })
})

test('a folder without a declaration, or none at all, is said to be none', async () => {
  expect(await verifyBag(folder)).toEqual({ valid: false, warnings: [], errors: ['bagit.txt: missing'] })
  await expect(verifyBag(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-unreadable' })
})
