import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { From, Taken } from '../collectors/collector.ts'
import { collectors } from '../collectors/index.ts'
import { rowsOf } from '../collectors/proc.fixture.ts'
import { newFakeHost } from '../host.fixture.ts'
import { newPassStarter } from '../host-linux/start-pass.ts'
import { apart } from './apart.ts'

const agent = join(import.meta.dirname, '../main.ts')
const accounts = apart(collectors, newPassStarter(agent, { timeZone: undefined })).find(({ id }) => id === 'account')

test('a pass in a process of its own hands over what this machine tells, and later what changed of it', async () => {
  let isFull = true
  const from: From = { position: () => ({ number: 7 }), files: [], takeFull: () => isFull, before: new Map() }

  const first = await passOf(from)
  isFull = false
  const second = await passOf(from)

  const rows = rowsOf(first.filter((taken) => 'chunks' in taken))
  expect(rows).toContainEqual(expect.objectContaining({ holds: 'all', row: expect.objectContaining({ name: 'root' }) }))
  expect(first.at(-1)).toMatchObject({ next: { number: 8 } })
  expect(second).toEqual([{ source: 'account', chunks: [], next: { number: 8 } }])
})

test('a pass that is called off ends its process', async () => {
  const stop = new AbortController()
  stop.abort()

  const from: From = { position: () => undefined, files: [], takeFull: () => true, before: new Map() }
  expect(await passOf(from, stop.signal)).toEqual([])
})

function passOf(from: From, signal = new AbortController().signal): Promise<Taken[]> {
  return Array.fromAsync(accounts?.collect(newFakeHost(), signal, from) ?? [])
}
