import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { CollectionDetail, CreatedToken, HostDetail } from '@tidewaiter/protocol/api'
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

/** A way to the agent port that ends every connection once so many bytes came through it. */
function startCuttingProxy(port: number, to: number, cuts: number[]): Promise<{ cuts: number[] }> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    let bytes = 0
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (part) => {
      bytes += part.length
      if (cuts[0] === undefined || bytes < cuts[0]) return
      cuts.shift()
      near.destroy()
    })
    near.pipe(far)
    far.pipe(near)
  })
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({ cuts })))
}

// A task is done only where it can be written into the system's own log.
test.skipIf(missing('root'))(
  'a console asks a real agent for a file and gets it identical although the connection is cut; what is not allowed is refused; a host that was offline answers later',
  async () => {
    const folder = temporaryFolder()
    const [data, agentData, away] = [join(folder, 'console'), join(folder, 'agent'), join(folder, 'away')]
    const [file, config] = [join(folder, 'evidence.bin'), join(folder, 'agent.yaml')]
    mkdirSync(data)
    const bytes = randomBytes(5_000_000)
    writeFileSync(file, bytes)
    writeFileSync(config, 'sources: [process]\ncaps:\n  kilobytesPerSecond: 100000\n  cpuPercent: 100\n')
    const ports = { port: await freePort(), agentPort: await freePort() }
    await startConsole(data, ports)
    const enrol = async (where: string) => {
      const { token } = (await tidewaiter(['token', 'create', '--data', data, '--json'])).json<CreatedToken>()
      const proxied = await through(token, proxyPort)
      expect(await tidewaiterAgent(['enroll', '--token', proxied, '--data', where])).toMatchObject({ status: 0 })
      const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
      return hosts.at(-1)?.id ?? ''
    }
    const proxyPort = await freePort()
    const proxy = await startCuttingProxy(proxyPort, ports.agentPort, [])
    const host = await enrol(agentData)
    const known = new Set([host])
    await enrol(away)
    const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
    const offline = hosts.find(({ id }) => !known.has(id))?.id ?? ''
    await startAgent(agentData, ['--config', config])
    await eventually(async () => expect(await statusOf(data, host)).toBe('online'))
    proxy.cuts.push(1_500_000, 2_500_000)

    const asked = await tidewaiter(['collect', 'file', file, '--host', host, '--wait', '--data', data, '--json'])

    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(asked.json<CollectionDetail>()).toMatchObject({
      missing: 0,
      tasks: [{ state: 'answered', bytes: bytes.length, leftOut: 0 }],
      artifacts: [{ sha256, path: file, state: 'held', changedDuringRead: false }],
    })
    expect(asked.status).toBe(0)
    expect(proxy.cuts).toEqual([])
    const out = join(folder, 'out.bin')
    expect(await tidewaiter(['artifact', 'get', sha256, '--out', out, '--data', data])).toMatchObject({ status: 0 })
    expect(readFileSync(out).equals(bytes)).toBe(true)
    expect(statSync(out).mode & 0o777).toBe(0o600)

    const refused = await tidewaiter([
      'collect',
      'file',
      '/root/.bashrc',
      '--host',
      host,
      '--wait',
      '--data',
      data,
      '--json',
    ])
    expect(refused.status).toBe(1)
    expect(refused.json<CollectionDetail>().tasks).toMatchObject([{ state: 'refused', code: 'task-not-allowed' }])

    const queued = await tidewaiter(['collect', 'file', file, '--host', offline, '--data', data, '--json'])
    const { id, tasks } = queued.json<CollectionDetail>()
    expect(tasks).toMatchObject([{ state: 'queued' }])
    await startAgent(away, ['--config', config])
    await eventually(async () => {
      const shown = await tidewaiter(['collect', 'show', id, '--data', data, '--json'])
      expect(shown.json<CollectionDetail>()).toMatchObject({ missing: 0, tasks: [{ state: 'answered', artifacts: 1 }] })
    })
    const report = await tidewaiter(['verify', '--ledger', '--against-hosts', '--data', data, '--json'])
    expect(report.json<{ checks: unknown[] }>().checks).toContainEqual({
      name: 'artifacts',
      ok: true,
      detail: '1 artifact opened, each what its host announced',
    })
  },
)

/** The same token, for an agent that reaches the port by another way. */
async function through(token: string, port: number): Promise<string> {
  const { a: _, ...rest } = JSON.parse(Buffer.from(token.slice(4), 'base64url').toString())
  return `tw1.${Buffer.from(JSON.stringify({ a: [`wss://127.0.0.1:${port}`], ...rest })).toString('base64url')}`
}

async function statusOf(data: string, id: string): Promise<string | undefined> {
  const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
  return hosts.find((host) => host.id === id)?.status
}
