import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { From, Taken } from '../collectors/collector.ts'
import { collectors } from '../collectors/index.ts'
import { rowsOf } from '../collectors/proc.fixture.ts'
import { newFakeHost } from '../host.fixture.ts'
import { newPassStarter } from '../host-linux/start-pass.ts'
import { apart } from './apart.ts'
import { fromBytes, toBytes } from './before.ts'

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

test('a name that a line could end in, and many long ones, come back as they were left', () => {
  const names = ['/tmp/a\u2028b', ...Array.from({ length: 2_000 }, (_, i) => `/tmp/${i}${'\u0001'.repeat(4_000)}`)]
  const before = new Map([
    ['walk', new Map(names.map((name) => [name, { record: new Uint8Array(), mark: name.slice(0, 9) }]))],
  ])

  const bytes = toBytes(before)

  expect(bytes.length).toBeLessThan(2_000_000)
  expect(fromBytes(bytes)).toEqual(before)
})

test('a pass that is called off while it goes on ends its process', async () => {
  const stop = new AbortController()
  const from: From = { position: () => undefined, files: [], takeFull: () => true, before: new Map() }
  const waiting = collectors.find(({ id }) => id === 'suid')
  const [walk] = waiting === undefined ? [] : apart([waiting], newPassStarter(agent, { timeZone: undefined }))

  const taken = Array.fromAsync(walk?.collect(newFakeHost(), stop.signal, from) ?? [])
  await expect.poll(() => childrenHere('pass'), { timeout: 20_000 }).not.toEqual([])
  stop.abort()

  expect(await taken).toEqual([])
  await expect.poll(() => childrenHere('pass'), { timeout: 20_000 }).toEqual([])
})

/** Programs of this process with this word in their command. */
function childrenHere(word: string): string[] {
  const all = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return all.filter((pid) => pid !== '' && commandOf(pid).split('\0').includes(word))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

function passOf(from: From, signal = new AbortController().signal): Promise<Taken[]> {
  return Array.fromAsync(accounts?.collect(newFakeHost(), signal, from) ?? [])
}
