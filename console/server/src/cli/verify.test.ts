import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { buildToEnd, by, openTestConsole } from '../package/package.fixture.ts'
import { openPackages } from '../package/packages.ts'
import { filesOf, foreignKeys, pack, resign } from '../package/repack.fixture.ts'
import { verify } from './verify.ts'

let folder: string
let file: string
let fingerprint: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewaiter-verify-'))
  const console = await openTestConsole()
  const packages = await openPackages(console.deps)
  const row = await buildToEnd(packages, console.incident)
  file = join(folder, 'package.zip')
  await writeFile(file, await readFile((await packages.file(row.id, by)).path))
  fingerprint = row.signerFingerprint ?? ''
  await packages.close()
  await console.close()
})

afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  process.exitCode = undefined
})

/** Runs the command and gives what it printed and the exit code it asked for. */
async function run(...args: string[]): Promise<{ lines: string[]; exit: number }> {
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((text) => void printed.push(`${text}\n`))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  try {
    const program = new Command('tidewaiter').exitOverride()
    verify(program)
    await program.parseAsync(['verify', ...args], { from: 'user' })
  } finally {
    vi.restoreAllMocks()
  }
  return { lines: printed.join('').split('\n'), exit: Number(process.exitCode ?? 0) }
}

test('without a fingerprint the first line says that who signed is not checked, and the exit code is 0', async () => {
  const { lines, exit } = await run(file)

  expect(lines[0]).toBe('Intact. Who signed it is NOT checked: compare this fingerprint by phone')
  expect(lines[1]?.replaceAll(' ', '')).toBe(fingerprint)
  expect(exit).toBe(0)
})

test('with the fingerprint of the signer it says so, and with another one the exit code is 1', async () => {
  const right = await run(file, '--fingerprint', fingerprint)
  const wrong = await run(file, '--fingerprint', '0'.repeat(64))

  expect([right.lines[0], right.exit]).toEqual(['Intact and signed by: Halyard Customs Brokers, Inc.', 0])
  expect([wrong.lines[0], wrong.exit]).toEqual(['Intact, but NOT signed by the key you named:', 1])
})

test('a package signed by somebody else is intact without a fingerprint and refused with it', async () => {
  const { keys, remove } = await foreignKeys()
  const stranger = join(folder, 'stranger.zip')
  await writeFile(stranger, pack(await resign(filesOf(await readFile(file)), keys)))
  await remove()

  expect((await run(stranger)).exit).toBe(0)
  expect((await run(stranger, '--fingerprint', fingerprint)).exit).toBe(1)
})

test('a changed byte gives exit code 1 and the place in the report, which is one JSON document when asked for', async () => {
  const bytes = await readFile(file)
  bytes[4]! ^= 1
  const broken = join(folder, 'broken.zip')
  await writeFile(broken, bytes)

  const { lines, exit } = await run(broken)
  const json = await run(broken, '--json')

  expect([lines[0], exit]).toEqual(['NOT intact:', 1])
  expect(lines.find((line) => line.startsWith('PROBLEM'))).toContain('container@4')
  expect(JSON.parse(json.lines.join('\n'))).toMatchObject({ ok: false, signer: { checked: false }, batchesComplete: 0 })
  expect(json.exit).toBe(1)
})

test('what is no package is called none, in a few lines, and the exit code is 1', async () => {
  const other = join(folder, 'other.txt')
  await writeFile(other, 'no package at all\n'.repeat(100))

  const { lines, exit } = await run(other)

  expect([lines[0], exit]).toEqual(['This is no package, or its first bytes were changed:', 1])
  expect(lines.filter((line) => line.startsWith('PROBLEM'))).toEqual([expect.stringContaining('container@0')])
  expect(lines[2]).toMatch(/^Not checked, because of that: files, bag, signature, .*actions$/)
})

test('what cannot be a fingerprint is a mistake in the command, and no answer about who signed', async () => {
  await expect(run(file, '--fingerprint', 'hello')).rejects.toMatchObject({ code: 'input-malformed' })
  await expect(run(file, '--fingerprint', fingerprint.slice(0, 32))).rejects.toMatchObject({ code: 'input-malformed' })
})

test('asked for what hosts hold, it says what they sealed, and that nobody was asked where no console runs', async () => {
  const { lines, exit } = await run(file, '--against-hosts', '--data', folder)

  const said = lines.find((line) => line.includes('against-hosts'))
  expect(said).toMatch(/PROBLEM .*no disclosed header witnesses|ok .*Connected hosts were not asked/)
  expect(exit).toBe(said?.startsWith('ok') === true ? 0 : 1)
})

test('no file, a folder, a missing file, or a ledger beside a package is refused with a code', async () => {
  await expect(run()).rejects.toMatchObject({ code: 'input-malformed' })
  await expect(run(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-unreadable' })
  await expect(run(folder)).rejects.toMatchObject({ code: 'file-unreadable' })
  await expect(run(file, '--ledger', '--against-hosts')).rejects.toMatchObject({ code: 'input-malformed' })
  await expect(run('--ledger')).rejects.toMatchObject({ code: 'input-malformed' })
  await expect(run(file, '--heads', folder)).rejects.toMatchObject({ code: 'input-malformed' })
})

test('a bare bag is judged as valid or not', async () => {
  const judged = await run('--bag', folder, '--json')

  expect(JSON.parse(judged.lines.join('\n'))).toEqual({ valid: false, warnings: [], errors: ['bagit.txt: missing'] })
  expect(judged.exit).toBe(1)
})
