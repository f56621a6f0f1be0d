import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { CreatedToken, HostDetail, RecoveryKit } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { leaveOut } from '../support/forge-ledger.ts'
import {
  eventually,
  freePort,
  type Ports,
  type Running,
  startAgent,
  startConsole,
  temporaryFolder,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'

interface Report {
  ok: boolean
  verdict: string
  checks: { name: string; ok: boolean; detail: string }[]
  ledger: string
  size: number
  difference: { from: number; to: number; hosts: { id: string; name: string }[] } | null
  restored: { ledger: string | null; size: number; seen: number | null }[]
  refeed: { lacked: number; refed: number; gone: number } | null
}

interface Desk {
  source: string
  written: string[]
  write(count: number): void
  agent: Running
}

test('a console that lost everything is made anew from a backup taken while hosts sent: they send again what it lacks, each line is there once, and hosts confirm it', async () => {
  const { data, ports, folder, newDesk } = await newHouse()
  const console = await startConsole(data, ports)
  const early = await newDesk('early')
  early.write(40)
  await isAll(data, [early])
  const recovery = await takeRecovery(data, folder)

  // when: a backup is made while the host sends, more is acknowledged, a host is added, and the console is gone
  const writing = setInterval(() => early.write(1), 20)
  const copy = join(folder, 'backup.tw')
  const made = await tidewaiter(['backup', '--data', data, '--out', copy, '--json'])
  expect({ status: made.status, stderr: made.stderr }).toMatchObject({ status: 0 })
  const late = await newDesk('late')
  late.write(30)
  clearInterval(writing)
  await isAll(data, [early, late])
  await console.kill('SIGKILL')
  late.write(5)
  await eventually(async () => {
    // Its writers live a moment longer, and may make a file anew.
    rmSync(data, { recursive: true, force: true })
    const { status, stderr } = await tidewaiter(['restore', copy, '--data', data, '--recovery', recovery.key])
    expect({ status, stderr }).toMatchObject({ status: 0 })
  })
  await startConsole(data, ports)

  // then
  await isAll(data, [early, late])
  const report = await eventually(async () => {
    const { verdict, refeed, ...rest } = await verified(data)
    expect({ verdict, rest }).toMatchObject({ verdict: 'restored' })
    expect(refeed?.refed).toBe(refeed?.lacked)
    return { refeed, ...rest }
  })
  expect(report.refeed).toMatchObject({ gone: 0 })
  expect(report.refeed?.lacked).toBeGreaterThan(0)
  const { ledger, size } = made.json<{ ledger: string; size: number }>()
  expect(report.restored).toMatchObject([{ ledger, size }])
  expect(report.restored[0]?.seen).toBeGreaterThan(size)
  expect(report.ledger).not.toBe(ledger)
  expect(report.checks.find(({ name }) => name === 'chains')?.detail).toBe(
    'every batch of every host follows the one before',
  )
  const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
  expect(hosts.map(({ name }) => name)).toHaveLength(2)
})

test('a ledger from which an entry was left out with all keys in hand, and every head signed again, is found by what its hosts hold', async () => {
  const { data, ports, newDesk } = await newHouse()
  const console = await startConsole(data, ports)
  const desk = await newDesk('desk')
  for (let i = 1; i <= 3; i++) {
    desk.write(20)
    await isAll(data, [desk])
  }
  expect(await verified(data)).toMatchObject({ ok: true, verdict: 'intact', difference: null })
  await console.kill('SIGTERM')

  const out = leaveOut(data, join(data, 'keys'), (rows) => Math.floor(rows.length / 2))
  await startConsole(data, ports)

  const { difference, checks } = await eventually(async () => {
    const report = await verified(data)
    expect(report).toMatchObject({ ok: false, verdict: 'rewritten' })
    return report
  })
  expect(difference?.from).toBeLessThanOrEqual(out)
  expect(difference?.to).toBeGreaterThanOrEqual(out)
  expect(difference?.hosts.length).toBeGreaterThan(0)
  expect(checks.find(({ name }) => name === 'chains')?.detail).toContain('not held')
})

test('a console of which only the keys are left gets back from its hosts all that they still hold', async () => {
  const { data, ports, folder, newDesk } = await newHouse()
  const heads = join(folder, 'heads')
  mkdirSync(heads)
  const console = await startConsole(data, ports, { args: ['--heads', heads] })
  const desk = await newDesk('desk')
  desk.write(60)
  await isAll(data, [desk])
  const recovery = await takeRecovery(data, folder)
  const before = await verified(data)
  expect(before).toMatchObject({ ok: true, verdict: 'intact' })
  await console.kill('SIGTERM')
  rmSync(data, { recursive: true })

  const restored = await tidewaiter(['restore', recovery.file, '--data', data, '--recovery', recovery.key])
  expect({ status: restored.status, stderr: restored.stderr }).toMatchObject({ status: 0 })
  await startConsole(data, ports)

  await isAll(data, [desk])
  const report = await eventually(async () => {
    const now = await verified(data)
    expect(now).toMatchObject({ ok: true, verdict: 'restored' })
    return now
  })
  expect(report.restored).toMatchObject([{ ledger: null }])
  expect(report.refeed?.lacked).toBeGreaterThan(0)
  expect(readdirSync(heads).length).toBeGreaterThan(0)
  const kept = await tidewaiter(['verify', '--ledger', '--against-hosts', '--heads', heads, '--data', data, '--json'])
  expect(kept.json<Report>().restored[0]?.seen).toBeGreaterThan(0)
  expect(kept.json<Report>().checks.find(({ name }) => name === 'heads')).toMatchObject({ ok: true })
  // Whoever names a folder is told when nothing in it was compared.
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const nothing = await tidewaiter([
    'verify',
    '--ledger',
    '--against-hosts',
    '--heads',
    empty,
    '--data',
    data,
    '--json',
  ])
  expect(nothing.status).toBe(1)
  expect(nothing.json<Report>()).toMatchObject({ ok: false, verdict: 'unproven' })
})

/** A console's folders, and hosts that are enrolled there. */
async function newHouse() {
  const folder = temporaryFolder()
  const data = join(folder, 'console')
  const ports: Ports = { port: await freePort(), agentPort: await freePort() }
  const newDesk = async (name: string): Promise<Desk> => {
    const own = join(folder, name)
    mkdirSync(own)
    const log = join(own, 'app.log')
    writeFileSync(log, '')
    const config = join(own, 'agent.yaml')
    writeFileSync(config, `sources: [log-file]\nfiles:\n  - ${log}\n`)
    const { token } = (await tidewaiter(['token', 'create', '--data', data, '--json'])).json<CreatedToken>()
    expect(await tidewaiterAgent(['enroll', '--token', token, '--data', join(own, 'agent')])).toMatchObject({
      status: 0,
    })
    const written: string[] = []
    const write = (count: number) => {
      const lines = Array.from({ length: count }, (_, i) => `${name} says number ${written.length + i}`)
      written.push(...lines)
      appendFileSync(log, lines.map((line) => `${line}\n`).join(''))
    }
    const agent = await startAgent(join(own, 'agent'), ['--config', config])
    return { source: `log-file:${log}`, written, write, agent }
  }
  return { folder, data, ports, newDesk }
}

/** Every line of every host is found by search exactly once. */
function isAll(data: string, desks: readonly Desk[]): Promise<void> {
  return eventually(async () => {
    for (const { source, written } of desks) {
      const found = await tidewaiter(['search', `source:"${source}"`, '--limit', '100000', '--data', data, '--json'])
      const texts = found.lines<{ event: { original?: string } }>().map(({ event }) => event.original)
      expect(texts.toSorted()).toEqual(written.toSorted())
    }
  }, 60_000)
}

async function verified(data: string): Promise<Report> {
  return (await tidewaiter(['verify', '--ledger', '--against-hosts', '--data', data, '--json'])).json<Report>()
}

/** Takes the recovery key as set-up does: through the socket of the console. */
async function takeRecovery(data: string, folder: string): Promise<{ key: string; file: string }> {
  const text = await new Promise<string>((resolve, reject) => {
    const asked = request(
      { socketPath: join(data, 'console.sock'), method: 'POST', path: '/api/v1/keys/recovery' },
      async (response) => resolve((await response.toArray()).join('')),
    )
    asked.on('error', reject)
    asked.end()
  })
  const { recoveryKey, recoveryFile } = JSON.parse(text) as RecoveryKit
  const [key, file] = [join(folder, 'recovery-key.txt'), join(folder, 'recovery.age')]
  writeFileSync(key, `${recoveryKey}\n`)
  writeFileSync(file, Buffer.from(recoveryFile, 'base64'))
  return { key, file }
}
