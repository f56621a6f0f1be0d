import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { logLinesTo } from './log-lines.ts'

test('lines come in their order into a file whose folder is made', async () => {
  const file = join(temporaryFolder(), 'logs', 'program.log')
  const log = logLinesTo(file)

  for (const line of ['one\n', 'two\n', 'three\n']) log.write(line)
  await log.close()

  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\nthree\n')
})

test.skipIf(process.platform !== 'linux')('a full disk costs lines and nothing else', async () => {
  // Every write there fails with ENOSPC (full(4)).
  const log = logLinesTo('/dev/full')

  for (let number = 0; number < 1000; number++) log.write(`${number} ${'x'.repeat(2000)}\n`)

  await expect(log.close()).resolves.toBeUndefined()
})

test('lines wait until they can be written; those that were too much are counted where they would have stood', async () => {
  const file = join(temporaryFolder(), 'program.log')
  // Nothing can be opened where a folder stands.
  mkdirSync(file)
  const log = logLinesTo(file)
  for (let number = 0; number < 200; number++) log.write(`${number} ${'x'.repeat(10_000)}\n`)

  rmdirSync(file)
  await expect.poll(() => textOf(file), { timeout: 10_000 }).toContain('were lost')
  log.write('after\n')
  await log.close()

  const lines = textOf(file).trimEnd().split('\n')
  const kept = lines.filter((line) => line.endsWith('x')).length
  expect(lines.slice(0, kept).map((line) => Number(line.split(' ')[0]))).toEqual([...Array(kept).keys()])
  expect(lines.slice(kept)).toEqual([expect.stringContaining(`"lost":${200 - kept}`), 'after'])
  expect(kept).toBeGreaterThan(100)
})

test('what is written after the end is not kept', async () => {
  const file = join(temporaryFolder(), 'program.log')
  const log = logLinesTo(file)
  await log.close()

  log.write('late\n')
  await log.close()

  expect(textOf(file)).toBe('')
})

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
