import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CreatedToken, HostDetail } from '@tidewaiter/protocol/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  eventually,
  freePort,
  lastingFolder,
  launchConsole,
  type Running,
  temporaryFolder,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'
import { root } from '../support/root.ts'

interface Imported {
  kind: string
  host: string
  name: string
  sha256: string
  complete: boolean
  batches: { added: number; held: number; beside: number }
  damaged: { at: number; says: string }[]
  says: string[]
}
interface Collected {
  host: string
  sha256: string
  complete: boolean
  why?: string
  sources: { id: string; state: string; records: number; why?: string }[]
}
interface Verdict {
  ok: boolean
  checks: { name: string; ok: boolean; detail: string }[]
  signer: { fingerprint: string; checked: boolean } | null
  recordsProven: number
  collection: { kin: string | null; host: string; complete: boolean; encrypted: boolean; sha256: string }
}

const made = lastingFolder()
const data = join(made.path, 'data')
let console: Running

beforeAll(async () => {
  console = await launchConsole(data, { port: await freePort(), agentPort: await freePort() })
}, 120_000)

afterAll(async () => {
  await console?.kill()
  made.remove()
})

const asked = (...args: string[]) => tidewaiter([...args, '--data', data, '--json'])
const verified = (file: string, ...more: string[]) => asked('verify', file, ...more)

test('what one machine held is collected without a console, proven, imported once, and found', async () => {
  const { folder, collect } = machine('planted-alice')
  const before = readdirSync(folder)
  const file = join(folder, 'desk.tide')
  const collected = (await collect('--out', file)).json<Collected>()

  expect(collected).toMatchObject({ complete: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(readdirSync(folder).sort()).toEqual([...before, 'desk.tide'].sort())
  expect(collected.sources).toContainEqual(expect.objectContaining({ id: 'socket', state: 'not-enabled' }))

  const report = await verified(file)
  expect(report.status).toBe(0)
  const verdict = report.json<Verdict>()
  expect(verdict).toMatchObject({
    ok: true,
    signer: { checked: false },
    collection: { complete: true, encrypted: false },
  })
  expect(verdict.collection).toMatchObject({ host: collected.host, sha256: collected.sha256 })
  const words = await tidewaiter(['verify', file])
  expect(words.stdout.split('\n')[0]).toMatch(/^Intact\. Who made it is NOT checked/)
  expect((await verified(file, '--fingerprint', 'a'.repeat(64))).status).toBe(1)

  const [first] = (await asked('import', file)).json<Imported[]>()
  expect(first).toMatchObject({ kind: 'collection', host: collected.host, complete: true, damaged: [] })
  expect(first?.says).toEqual([expect.stringContaining('not proven')])
  await eventually(async () => expect(await found('planted-alice')).toHaveLength(1))
  const [again] = (await asked('import', file)).json<Imported[]>()
  expect(again?.batches).toEqual({ added: 0, held: first?.batches.added, beside: 0 })

  const hosts = (await asked('hosts')).json<HostDetail[]>()
  const host = hosts.find(({ id }) => id === collected.host)
  expect(host).toMatchObject({ status: 'retired', why: expect.stringContaining('offline collection') })
  expect(host?.sources).toContainEqual(expect.objectContaining({ id: 'process', state: 'covered' }))
  expect(host?.sources).toContainEqual(
    expect.objectContaining({ id: 'socket', state: 'not-enabled', why: expect.stringContaining('configuration') }),
  )
})

test('a machine whose agent is enrolled signs that the collection is of it, and that alone is taken as proof', async () => {
  const { folder, config } = machine('planted-ivan')
  const agentData = join(folder, 'agent')
  const { token } = (await asked('token', 'create')).json<CreatedToken>()
  expect(await tidewaiterAgent(['enroll', '--token', token, '--data', agentData])).toMatchObject({ status: 0 })
  const known = new Set(readdirSync(agentData))
  const file = join(folder, 'kin.tide')
  const args = ['collect', '--out', file, '--config', config, '--data', agentData, '--json']
  const { kin } = (await tidewaiterAgent(args)).json<{ kin?: string }>()

  expect(new Set(readdirSync(agentData))).toEqual(known)
  expect((await verified(file)).json<Verdict>().collection).toMatchObject({ kin })
  const [imported] = (await asked('import', file)).json<Imported[]>()
  expect(imported?.says).toEqual([expect.stringMatching(`^Made on the machine of host ${kin} .*: its agent signed`)])
})

test('a file that was cut off says so, and what is whole in it is taken', async () => {
  const { folder, collect } = machine('planted-bob')
  const file = join(folder, 'cut.tide')
  await collect('--out', file)
  writeFileSync(file, readFileSync(file).subarray(0, -40))

  const report = await verified(file)
  expect(report.status).toBe(1)
  expect(problemsOf(report.json())).toEqual([['end', 'the file was cut off: it has no end']])
  const imported = await asked('import', file)
  expect(imported.status).toBe(1)
  expect(imported.json<Imported[]>()[0]).toMatchObject({ complete: false, damaged: [] })
  await eventually(async () => expect(await found('planted-bob')).toHaveLength(1))
})

test('a changed byte is named by its part, which is refused, and the others are taken', async () => {
  const { folder, collect } = machine('planted-carol')
  const file = join(folder, 'changed.tide')
  await collect('--out', file)
  const bytes = readFileSync(file)
  const marks = placesOf(bytes, 'TWF1')
  // The first batch holds the processes; the log stands in a later one.
  const at = marks[1] ?? 0
  const end = marks[2] ?? 0
  bytes[end - 5] = (bytes[end - 5] ?? 0) ^ 0xff
  writeFileSync(file, bytes)

  const report = await verified(file)
  expect(report.status).toBe(1)
  expect(problemsOf(report.json()).map(([name]) => name)).toEqual(['batches', 'chain'])
  expect(report.json<Verdict>().checks.find(({ name }) => name === 'batches')?.detail).toContain(
    `byte ${at}, ${end - at} long`,
  )
  const imported = await asked('import', file)
  expect(imported.status).toBe(1)
  expect(imported.json<Imported[]>()[0]).toMatchObject({
    complete: false,
    damaged: [{ at, code: 'payload-digest-wrong' }],
  })
  await eventually(async () => expect(await found('planted-carol')).toHaveLength(1))
})

test('an encrypted collection opens on the console it was made for alone, and nothing in it stands in clear', async () => {
  const { folder, collect } = machine('planted-dave')
  const file = join(folder, 'sealed.tide')
  const keys = join(folder, 'keys.json')
  writeFileSync(keys, (await asked('keys', 'show')).stdout)
  await collect('--out', file, '--encrypt-to', keys)

  expect(readFileSync(file).subarray(0, 22).toString('latin1')).toBe('age-encryption.org/v1\n')
  expect(placesOf(readFileSync(file), 'TWB1')).toEqual([])
  const stranger = await tidewaiter(['verify', file, '--data', join(folder, 'none'), '--json'])
  expect(stranger).toMatchObject({ status: 5, stderr: expect.stringContaining('collection-sealed') })
  expect((await verified(file)).json()).toMatchObject({ ok: true, collection: { encrypted: true } })
  expect((await asked('import', file)).json<Imported[]>()[0]).toMatchObject({ complete: true })
  await eventually(async () => expect(await found('planted-dave')).toHaveLength(1))

  const bytes = readFileSync(file)
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
  writeFileSync(file, bytes)
  expect(problemsOf((await verified(file)).json()).map(([name]) => name)).toContain('encryption')
})

test('what is stopped, killed, or runs out of room is whole as far as it goes, and says that it is not complete', async () => {
  const { folder, config } = machine('planted-erin')
  // More than is sealed in a moment.
  const noise = Array.from({ length: 8_000 }, () => randomBytes(1500).toString('base64')).join('\n')
  for (let i = 0; i < 15; i++) appendFileSync(join(folder, 'noise.log'), `${noise}\n`)
  const args = ['--config', config, '--profile', 'full']
  const out = (name: string) => join(folder, `${name}.tide`)

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const file = out(signal)
    const { status, json } = await stoppedBy(signal, file, [...args, '--out', file, '--json'])
    expect(status).toBe(signal === 'SIGINT' ? 1 : null)
    if (signal === 'SIGINT') expect(json).toMatchObject({ complete: false, why: expect.stringContaining('stopped') })
    const verdict = (await verified(file)).json<Verdict>()
    expect(verdict).toMatchObject({ ok: signal === 'SIGINT', collection: { complete: false } })
    expect(verdict.checks.filter(({ name }) => name === 'batches' || name === 'chain').every(({ ok }) => ok)).toBe(true)
  }
  // A file may have 64 blocks of 512 bytes or of 1024, as the shell counts.
  const full = await shell(`ulimit -f 64; exec "$0" agent/src/main.ts collect "$@"`, [
    ...args,
    '--out',
    out('full'),
    '--json',
  ])
  expect(full.status).toBe(1)
  expect(JSON.parse(full.stdout)).toMatchObject({ complete: false, why: expect.stringContaining('takes no more') })
  const verdict = (await verified(out('full'))).json<Verdict>()
  expect(problemsOf(verdict).map(([name]) => name)).toEqual(['end'])
  expect(verdict.recordsProven).toBeGreaterThan(0)
  expect((await asked('import', out('full'))).json<Imported[]>()[0]).toMatchObject({ complete: false })
})

test('other files become evidence of a host by name, also packed and large, and once', async () => {
  const folder = temporaryFolder()
  const line = (i: number, user: string) =>
    `2026-11-20T10:00:00Z srv sshd[${i}]: Accepted password for ${user} from 203.0.113.7 port 5000 ssh2\n`
  const log = join(folder, 'auth.log')
  const packed = join(folder, 'old.log.gz')
  const large = join(folder, 'large.log')
  writeFileSync(log, line(1, 'planted-frank'))
  writeFileSync(packed, gzipSync(line(2, 'planted-grace')))
  writeFileSync(
    large,
    `${'x'.repeat(2_500_000)}\n${Array.from({ length: 40_000 }, (_, i) => line(i, 'heidi')).join('')}`,
  )

  expect((await asked('import', log)).status).toBe(2)
  const imported = await asked('import', log, packed, large, '--host', 'OLD-SRV')
  expect(imported.status).toBe(0)
  const all = imported.json<Imported[]>()
  expect(all.map(({ kind, name, complete }) => [kind, name, complete])).toEqual(
    Array(3).fill(['file', 'OLD-SRV', true]),
  )
  expect(new Set(all.map(({ host }) => host)).size).toBe(1)
  await eventually(async () => {
    expect(await found('planted-frank')).toMatchObject([
      { host: { name: 'srv' }, '@timestamp': '2026-11-20T10:00:00Z' },
    ])
    expect(await found('planted-grace')).toHaveLength(1)
    expect(await found('hashed AND receipt')).toHaveLength(3)
  })
  const again = (await asked('import', log, packed, large, '--host', 'OLD-SRV')).json<Imported[]>()
  expect(again.map(({ batches }) => batches.added)).toEqual([0, 0, 0])
  const other = (await asked('import', log, '--host', 'OTHER')).json<Imported[]>()
  expect(other[0]?.host).not.toBe(all[0]?.host)
  const hosts = (await asked('hosts')).json<HostDetail[]>()
  expect(hosts.find(({ name }) => name === 'OLD-SRV')).toMatchObject({ status: 'retired' })
  const { checks } = (await asked('verify', '--ledger', '--against-hosts')).json<Verdict>()
  const good = checks.filter(({ ok }) => ok).map(({ name }) => name)
  expect(good).toEqual(expect.arrayContaining(['entries', 'payloads', 'chains']))
  // Who was never shown a head is not asked for one.
  expect(checks.find(({ name }) => name === 'asked')?.detail).not.toContain('OLD-SRV')
})

/** A machine with one log of its own: a configuration that leaves out what belongs to the real one. */
function machine(user: string) {
  const folder = temporaryFolder()
  const log = join(folder, 'app.log')
  const config = join(folder, 'agent.yaml')
  writeFileSync(log, `2026-11-27T09:00:00Z srv sshd[7]: Accepted password for ${user} from 198.51.100.9 port 50 ssh2\n`)
  writeFileSync(config, `sources: [process, log-file]\nfiles: [${log}, ${join(folder, 'noise.log')}]\n`)
  const collect = async (...args: string[]) => {
    const ran = await tidewaiterAgent(['collect', ...args, '--config', config, '--json'])
    expect(ran).toMatchObject({ status: 0 })
    return ran
  }
  return { folder, config, collect }
}

async function found(query: string): Promise<object[]> {
  return (await asked('search', query)).lines<object>()
}

function problemsOf({ checks }: Verdict): [string, string][] {
  return checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail])
}

function placesOf(bytes: Buffer, mark: string): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) places.push(at)
  return places
}

/** Ends a collection once there is something in its file. */
async function stoppedBy(signal: NodeJS.Signals, file: string, args: string[]) {
  const child = spawn(process.execPath, [join(root, 'agent/src/main.ts'), 'collect', ...args], { cwd: root })
  const out: Buffer[] = []
  child.stdout.on('data', (part) => out.push(part))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < 3_000_000) return
      clearInterval(timer)
      resolve()
    }, 5)
  })
  child.kill(signal)
  const status = await ended
  const text = Buffer.concat(out).toString()
  return { status, json: text === '' ? undefined : (JSON.parse(text) as Collected) }
}

function shell(script: string, args: string[]): Promise<{ status: number | null; stdout: string }> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', script, process.execPath, ...args], { cwd: root })
    const out: Buffer[] = []
    child.stdout.on('data', (part) => out.push(part))
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(out).toString() }))
  })
}
