import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openApi } from './api.ts'
import { search } from './search.ts'

test.each([[[]], [['--json']]])('nothing found is said on stderr together with what was covered %j', async (more) => {
  const data = await mkdtemp(join(tmpdir(), 'tidewaiter-search-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  await (await openApi({ data, mayCreate: true })).close()
  let said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  const program = new Command('tidewaiter').exitOverride()
  search(program)

  await program.parseAsync(['search', 'nothing', '--from', '-2h', '--data', data, ...more], { from: 'user' })

  vi.restoreAllMocks()
  expect(said).toBe('0 of 0 events, as of ledger position 0. There is no host yet.\n')
})
