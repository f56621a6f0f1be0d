import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openConsole } from '../console.ts'
import { beginningOf } from './beginning.ts'

test('a console that is rebuilt from its keys says so in its ledger, also where its first starts ended half way', {
  timeout: 60_000,
}, async () => {
  // given: a console of which nothing is left but its keys
  const data = mkdtempSync(join(tmpdir(), 'tidewaiter-again-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const before = await openConsole({ data })
  const id = before.deps.ledger.id
  expect(before.deps.ledger.origins).toEqual([])
  await before.close()
  for (const name of readdirSync(data).filter((name) => name !== 'keys')) rmSync(join(data, name), { recursive: true })

  // when: there is no room for the folder of the ledger, and then only for the folder
  const ledger = join(data, 'ledger')
  symlinkSync(join(data, 'missing', 'volume'), ledger)
  await expect(openConsole({ data })).rejects.toThrow()
  rmSync(ledger)
  const half = await openConsole({ data })
  await half.close()

  // then
  const again = await openConsole({ data })
  onTestFinished(() => again.close())
  expect(again.deps.ledger.id).not.toBe(id)
  expect(again.deps.ledger.origins).toMatchObject([{ before: null }])
  expect(existsSync(join(data, 'ledger-begins-again'))).toBe(false)
})

test('a start that was killed with an empty ledger begins again, and a new console never does', async () => {
  const data = mkdtempSync(join(tmpdir(), 'tidewaiter-again-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const first = await openConsole({ data })
  await first.close()
  const second = await openConsole({ data })
  expect(second.deps.ledger.origins).toEqual([])
  await second.close()

  // As a kill between the folder of the ledger and its first entry leaves it.

  rmSync(join(data, 'ledger'), { recursive: true })
  expect(beginningOf(data, join(data, 'ledger'), join(data, 'keys')).isAgain).toBe(true)

  mkdirSync(join(data, 'ledger'))
  const rebuilt = await openConsole({ data })
  onTestFinished(() => rebuilt.close())
  expect(rebuilt.deps.ledger.origins).toHaveLength(1)
})
