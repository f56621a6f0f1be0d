import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CreatedToken, HostDetail, HostPage } from '@tidewaiter/protocol/api'
import { expect, onTestFinished, test } from 'vitest'
import {
  eventually,
  freePort,
  startAgent,
  startConsole,
  temporaryFolder,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'
import { missing } from '../support/requires.ts'
import { root } from '../support/root.ts'

const email = 'an@halyard-customs.example'
const password = 'correct horse battery staple'

test.skipIf(!canMount())(
  'a disk that fills up under both programs ends neither: the screens answer and say it, and all goes on when there is room (needs root)',
  async () => {
    const volume = smallVolume()
    const data = join(volume, 'data')
    const { child, origin, output } = await npmStart(data)
    const session = await signIn(data, origin)
    await eventually(async () => expect((await hostOf(session)).status).toMatch(/online|degraded/))
    const agent = agentOf(child)
    ageSession(data)

    fill(volume)
    // Each refusal is a line in the log, which is on the same volume: more of them than it takes.
    for (let i = 0; i < 60; i++)
      expect(await session.post('/incidents', { name: 'During' })).toMatchObject({ http: 507, code: 'disk-full' })
    fill(volume)

    for (let i = 0; i < 60; i++) await session.post('/incidents', { name: 'During' })
    expect((await fetch(origin)).status).toBe(200)
    expect(await session.get('/overview')).toMatchObject({
      http: 200,
      warnings: expect.arrayContaining([
        expect.objectContaining({ code: expect.stringMatching(/^(disk-low|ledger-full)$/) }),
      ]),
    })
    await eventually(async () =>
      expect(await hostOf(session)).toMatchObject({ status: 'lagging', why: expect.stringContaining('full since') }),
    )
    const before = recordsOf(await hostOf(session))
    rmSync(join(volume, 'ballast'))

    await eventually(async () =>
      expect(await session.post('/incidents', { name: 'After' })).toMatchObject({ http: 200 }),
    )
    await eventually(async () => expect(recordsOf(await hostOf(session))).toBeGreaterThan(before))
    await eventually(async () => expect((await hostOf(session)).status).not.toBe('lagging'))
    expect(agentOf(child)).toBe(agent)
    expect(output()).not.toContain('The agent ended')
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    const lines = readFileSync(join(data, 'logs', 'console.log'), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => JSON.parse(line).msg)).toContain('route failed')
  },
  240_000,
)

test.skipIf(!canMount())(
  'what a host sends into a full console waits on the host, and is there once and whole when there is room (needs root)',
  async () => {
    const volume = smallVolume()
    const data = join(volume, 'data')
    const ports = { port: await freePort(), agentPort: await freePort() }
    const console = await startConsole(data, ports)
    const session = await signIn(data, `http://localhost:${ports.port}`)
    const file = join(temporaryFolder(), 'auth.log')
    const lines: string[] = []
    const write = (count: number) => {
      for (let i = 0; i < count; i++) {
        lines.push(`Nov 24 03:12:01 desk-1 sshd[77]: line ${lines.length} of this test`)
        appendFileSync(file, `${lines.at(-1)}\n`)
      }
    }
    write(100)
    const agent = await enrolledAgent(data, file)
    await eventually(async () => expect(await stored(data, file)).toEqual(lines))

    fill(volume)
    write(1000)
    await eventually(async () => {
      expect(await session.get('/overview')).toMatchObject({
        http: 200,
        warnings: expect.arrayContaining([expect.objectContaining({ code: 'ledger-full' })]),
      })
    })
    expect(await hostOf(session)).toMatchObject({
      status: 'lagging',
      why: expect.stringContaining('disk of the console'),
    })
    write(1000)
    rmSync(join(volume, 'ballast'))

    await eventually(async () => expect(await stored(data, file)).toEqual(lines))
    expect([console.child.exitCode, agent.child.exitCode]).toEqual([null, null])
    const spans = (await hostOf(session)).sources.filter(({ id }) => id === `log-file:${file}`)
    expect(spans.map(({ state, lost }) => ({ state, lost }))).toEqual([{ state: 'covered', lost: 0 }])
  },
  240_000,
)

test.skipIf(!canMount())(
  'a console on a full volume is not started, and the reason is the disk (needs root)',
  async () => {
    const volume = smallVolume()
    const data = join(volume, 'data')
    const serve = ['serve', '--data', data, '--port', '0', '--agent-port', '0']
    await addPerson(data)
    fill(volume)

    expect(await tidewaiter(serve)).toMatchObject({ status: 5, stderr: expect.stringContaining('(disk-full)') })
  },
)

async function npmStart(data: string) {
  const [port, agentPort] = [await freePort(), await freePort()]
  const args = ['--data', data, '--port', `${port}`, '--agent-port', `${agentPort}`]
  const child = spawn(process.execPath, [join(root, 'packaging/start.ts'), ...args], { cwd: root, detached: true })
  // The whole group: a console that is killed leaves its agent behind.
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL')
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      text += part
    })
  await eventually(async () => expect(text).toContain('Open '))
  return { child, origin: `http://localhost:${port}`, output: () => text }
}

async function enrolledAgent(data: string, file: string) {
  const { token } = (await tidewaiter(['token', 'create', '--data', data, '--json'])).json<CreatedToken>()
  const folder = temporaryFolder()
  expect(await tidewaiterAgent(['enroll', '--token', token, '--data', folder])).toMatchObject({ status: 0 })
  return startAgent(folder, ['--file', file])
}

type Session = Awaited<ReturnType<typeof signIn>>

/** Somebody at the screens. */
async function signIn(data: string, origin: string) {
  await addPerson(data)
  const headers = { origin, 'content-type': 'application/json' }
  const body = JSON.stringify({ email, password })
  const reply = await fetch(`${origin}/api/v1/session`, { method: 'POST', headers, body })
  const [cookie = ''] = reply.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
  const { csrf } = (await reply.json()) as { csrf: string }
  const ask = async (path: string, init: RequestInit) => {
    const signed = { ...headers, cookie, 'x-csrf-token': csrf }
    // A console that hangs is what these tests are about.
    const signal = AbortSignal.timeout(10_000)
    const answer = await fetch(`${origin}/api/v1${path}`, { ...init, headers: signed, signal })
    return { http: answer.status, ...((await answer.json()) as object) }
  }
  return {
    get: (path: string) => ask(path, {}),
    post: (path: string, of: object) => ask(path, { method: 'POST', body: JSON.stringify(of) }),
  }
}

async function addPerson(data: string): Promise<void> {
  const file = join(temporaryFolder(), 'password')
  writeFileSync(file, password)
  const add = ['user', 'add', '--data', data, '--email', email, '--role', 'admin', '--password-file', file]
  expect(await tidewaiter(add)).toMatchObject({ status: 0 })
}

/** As if nobody had looked for two minutes: the next look is written down. */
function ageSession(data: string): void {
  const store = new DatabaseSync(join(data, 'console.db'))
  store.prepare('update session set seen_at = ?').run(new Date(Date.now() - 120_000).toISOString())
  store.close()
}

/** The one host, as its page shows it. */
async function hostOf({ get }: Session): Promise<HostDetail> {
  // The shapes are those of the routes.
  const { rows } = (await get('/hosts')) as unknown as HostPage
  if (rows[0] === undefined) throw new Error('no host is there yet')
  return (await get(`/hosts/${rows[0].id}`)) as unknown as HostDetail
}

function recordsOf({ sources }: HostDetail): number {
  return sources.reduce((sum, { records }) => sum + (records ?? 0), 0)
}

/** The lines of the file as the console holds them, oldest first. */
async function stored(data: string, file: string): Promise<string[]> {
  // By its source: the command that asks is a process of this host, and its words are evidence, too.
  const query = `source:"log-file:${file}"`
  const found = await tidewaiter(['search', query, '--limit', '100000', '--data', data, '--json'])
  const number = (line: string) => Number(/line (\d+)/.exec(line)?.[1])
  return found
    .lines<{ event: { original: string } }>()
    .map(({ event }) => event.original)
    .sort((a, b) => number(a) - number(b))
}

/** Process id of the agent that was started beside the console. */
function agentOf({ pid }: ChildProcess): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return children
    .map(Number)
    .find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('tidewaiter-agent.cjs'))
}

function canMount(): boolean {
  return !missing('root') && spawnSync('unshare', ['--mount', 'true']).status === 0
}

/** A volume of its own, that is gone after the test. */
function smallVolume(): string {
  const folder = temporaryFolder()
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=700', 'tmpfs', folder])
  if (status !== 0) throw new Error(String(stderr))
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  return folder
}

/** Takes every byte that is left. */
function fill(volume: string): void {
  const ballast = openSync(join(volume, 'ballast'), 'a')
  try {
    for (const bytes of [Buffer.alloc(64 * 1024), Buffer.alloc(1)])
      try {
        while (writeSync(ballast, bytes) > 0);
      } catch {
        // No room for so many.
      }
  } finally {
    closeSync(ballast)
  }
}
