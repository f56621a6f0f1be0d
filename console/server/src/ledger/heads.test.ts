import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkHead } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openHeads } from './heads.ts'
import { newSealingHost } from './host.fixture.ts'
import { newFolder, openTestLedger, receivedAtMs } from './ledger.fixture.ts'

const log = pino({ level: 'silent' })

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }))
afterEach(() => vi.useRealTimers())

test('a signed head is written at the start, in every hour and at the end, each in a file of its own', async () => {
  vi.setSystemTime(Date.parse('2026-11-24T12:10:00.000Z'))
  const { ledger, dir } = await begun()
  const heads = await openHeads({ dir, ledger, log, now: Date.now })
  expect(readdirSync(dir)).toHaveLength(1)

  vi.advanceTimersByTime(45 * 60_000)
  await vi.waitFor(() => expect(readdirSync(dir)).toHaveLength(1))
  vi.advanceTimersByTime(10 * 60_000)
  await vi.waitFor(() => expect(readdirSync(dir)).toHaveLength(2))
  vi.advanceTimersByTime(10 * 60_000)
  await heads.close()

  const files = readdirSync(dir).sort()
  expect(files).toHaveLength(3)
  expect(files[0]).toMatch(/^2026-11-24T121000\.000Z-[0-9a-f]{8}-1\.head\.json$/)
  const { key, ...head } = JSON.parse(readFileSync(join(dir, files[0] ?? ''), 'utf8'))
  expect(checkHead(nodePrimitives, head, Buffer.from(key, 'base64'))).toMatchObject({ ledger: ledger.id, size: 1 })
})

test('a folder that is missing is said and tried again, and ends nothing', async () => {
  vi.setSystemTime(Date.parse('2026-11-24T12:10:00.000Z'))
  const { ledger, dir } = await begun()
  rmSync(dir, { recursive: true })
  const heads = await openHeads({ dir, ledger, log, now: Date.now })
  expect(heads.problem()).toMatchObject({ says: expect.stringContaining('ENOENT') })

  mkdirSync(dir)
  vi.advanceTimersByTime(60_000)
  await vi.waitFor(() => expect(heads.problem()).toBeUndefined())
  expect(readdirSync(dir)).toHaveLength(1)
  vi.advanceTimersByTime(1000)
  await heads.close()
})

test('a folder that cannot be written to is said before there is an entry, and the first one is written when it comes', async () => {
  vi.setSystemTime(Date.parse('2026-11-24T12:10:00.000Z'))
  const ledger = await openTestLedger({ dir: join(newFolder(), 'ledger') })
  const missing = await openHeads({ dir: join(newFolder(), 'none'), ledger, log, now: Date.now })
  const dir = newFolder()
  const heads = await openHeads({ dir, ledger, log, now: Date.now })
  expect([missing.problem()?.says, heads.problem()]).toEqual([expect.stringContaining('ENOENT'), undefined])

  await ledger.append(newSealingHost().seal(), { receivedAtMs, branch: null })
  vi.advanceTimersByTime(60_000)
  await vi.waitFor(() => expect(readdirSync(dir)).toHaveLength(1))
  await Promise.all([missing.close(), heads.close()])
})

async function begun() {
  const ledger = await openTestLedger({ dir: join(newFolder(), 'ledger') })
  await ledger.append(newSealingHost().seal(), { receivedAtMs, branch: null })
  return { ledger, dir: newFolder() }
}
