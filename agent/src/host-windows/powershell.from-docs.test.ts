import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { newFakeClock } from '../clock.fixture.ts'
import type { Script } from '../host.ts'
import { newPowerShell } from './powershell.ts'
import { prologue, scripts } from './scripts.ts'

/** A program that speaks the protocol stands for PowerShell: there is none here. */
const program = {
  file: process.execPath,
  args: [fileURLToPath(new URL('./powershell.fixture.ts', import.meta.url))],
  env: {},
}
const limit = 1_000_000
let stop = new AbortController()
const clock = newFakeClock()
const newShell = () => {
  const ask = newPowerShell(program, clock)
  return (script: Script, most = limit) => ask(script, { limit: most, signal: stop.signal })
}
afterEach(async () => {
  // An idle one is ended.
  await clock.advance(100_000)
  stop = new AbortController()
})

test('rows come one by one, and no text in them ends an answer', async () => {
  const ask = newShell()

  const [first, second] = await Promise.all([ask('processes'), ask('processes')])

  expect(parsed(first)).toEqual([{ Name: 'a\n#1 end', pid: expect.any(Number) }])
  expect(parsed(second)).toEqual([{ Name: 'a\n#2 end', pid: parsed(first)[0]?.pid }])
})

test('a script that fails says why, and the next one is asked of the same PowerShell', async () => {
  const ask = newShell()
  const [{ pid } = {}] = parsed(await ask('processes'))

  expect(await ask('sockets')).toEqual({ why: '"no such command"' })
  expect(parsed(await ask('processes'))[0]?.pid).toBe(pid)
})

test('one that dies, says too much or does not answer is ended, and a new one goes on', async () => {
  const ask = newShell()

  expect(await ask('drivers')).toEqual({ why: 'PowerShell ended with 3' })
  expect(await ask('accounts')).toEqual({ why: 'PowerShell says more than a row may hold' })
  expect(await ask('software', 50)).toEqual({ why: 'PowerShell says more than 50 bytes' })
  const [{ pid } = {}] = parsed(await ask('processes'))
  const late = ask('autoruns')
  await clock.advance(90_000)
  expect(await late).toEqual({ why: 'PowerShell did not answer within 90 s' })
  expect(parsed(await ask('processes'))[0]?.pid).not.toBe(pid)
})

test('an agent that ends waits for none', async () => {
  const ask = newShell()
  const never = ask('autoruns')
  await clock.settle()
  stop.abort()

  expect(await never).toEqual({ why: 'the agent ends' })
  expect(await ask('processes')).toEqual({ why: 'the agent ends' })
})

test('a script is one line, and takes nothing from outside', () => {
  for (const script of [prologue, ...Object.values(scripts)]) expect(script).not.toMatch(/[\r\n]|undefined/)
})

test('what a script opens it closes, in the right order', () => {
  for (const script of [prologue, ...Object.values(scripts)]) expect([script, leftOpen(script)]).toEqual([script, ''])
})

/** Brackets outside of quotes that nothing closes; within double quotes `$(...)` is code again, and has none of its own. */
function leftOpen(script: string): string {
  const closes: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' }
  const code = script.replaceAll(/'[^']*'|"[^"]*"/g, '')
  let open = /['"]/.exec(code)?.[0] ?? ''
  for (const [mark] of code.matchAll(/[()[\]{}]/g)) {
    if (closes[mark] === undefined) open += mark
    else if (open.endsWith(closes[mark])) open = open.slice(0, -1)
    else return open + mark
  }
  return open
}

function parsed(answer: string[] | { why: string }): { Name?: string; pid?: number }[] {
  if ('why' in answer) throw new Error(answer.why)
  return answer.map((line) => JSON.parse(line))
}
