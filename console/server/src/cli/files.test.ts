import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, onTestFinished, test, vi } from 'vitest'
import { recorded } from '../decode/recorded.fixture.ts'
import { files } from './files.ts'

test('decode says how many parts could not be read', async () => {
  const [torn, whole] = [Buffer.concat([recorded('wtmp'), Buffer.from('torn')]), recorded('wtmp')]

  expect(await saidOf('decode', { torn })).toMatch(/^1 part could not be read, or not wholly: .*\n$/)
  expect(await saidOf('decode', { whole })).toBe('')
})

test.each(['decode', 'detect'])('%s says of an empty file that it is', async (command) => {
  expect(await saidOf(command, { empty: Buffer.alloc(0) })).toMatch(/empty is empty\.\n/)
})

/** What a command over files says on stderr. */
async function saidOf(command: string, contents: Record<string, Buffer>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(folder, name), bytes)
  let said = ''
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  const program = new Command('tidewaiter').exitOverride()
  files(program)
  await program.parseAsync([command, ...Object.keys(contents).map((name) => join(folder, name))], { from: 'user' })
  vi.restoreAllMocks()
  return said
}
