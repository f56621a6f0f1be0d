import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { decodeFile } from '../decode/files.ts'
import { detectors } from '../detect/index.ts'
import { openDetectCoverage } from './detect-coverage.ts'

const says = async (...lines: string[]) => {
  const coverage = openDetectCoverage(detectors)
  const file = Readable.from(lines.map((line) => Buffer.from(`${line}\n`)))
  const events = await Array.fromAsync(coverage.watch(decodeFile(file, {})))
  expect(events).toHaveLength(lines.length)
  return coverage.says()
}

test('files in which no detector reads anything leave all of them blind', async () => {
  expect(await says('Nov 24 11:00:01 desk-1 cron[1]: (root) CMD (true)')).toContain(
    `Looked: none. Blind, for nothing they read is in these files: ${detectors.map(({ id }) => id).join(', ')}.`,
  )
})

test('a detector that had something to read looked, and rows of CBP without any are named', async () => {
  const text = await says('Nov 24 11:00:01 desk-1 sshd[1]: Failed password for root from 203.0.113.7 port 4 ssh2')

  expect(text).toContain('Looked: login-red-flags. Blind, for nothing they read is in these files: none.')
  expect(text).toContain('No detector in this version for: Unusual inbound or outbound network traffic;')
  expect(text).toContain('Read 1 event.')
})
