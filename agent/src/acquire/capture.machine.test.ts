import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../folder.fixture.ts'
import { newLinuxHost } from '../linux-host.fixture.ts'
import { type Acquiring, isArtifact } from './acquirer.ts'
import { capture } from './capture.ts'

const required = (process.env.TIDEWAITER_REQUIRE ?? '').split(',')
const tools = ['tcpdump', 'dumpcap'].filter((name) => spawnSync(name, ['--version']).error === undefined)
if (tools.length < 2 && required.includes('tcpdump'))
  throw new Error('TIDEWAITER_REQUIRE names tcpdump: one is missing')
const limits = { artifactBytes: 512 * 1024 ** 2, taskBytes: 2 * 1024 ** 3, artifacts: 100, depth: 2 }

function acquiring(tool: string, more: Partial<Acquiring> = {}): Acquiring {
  const host = newLinuxHost()
  const has = (command: string) => (['tcpdump', 'dumpcap'].includes(command) ? command === tool : host.has(command))
  const signal = AbortSignal.timeout(60_000)
  return { host: { ...host, has }, signal, limits, policy: () => ({}), pace: async () => {}, ...more }
}

/** Sends a word to this machine again and again, over the loopback interface. */
function startTraffic(bytes: number) {
  const socket = createSocket('udp4')
  const word = Buffer.alloc(bytes, 'planted-word-')
  const timer = setInterval(() => socket.send(word, 45_999, '127.0.0.1'), 5)
  onTestFinished(() => {
    clearInterval(timer)
    socket.close()
  })
}

async function all(seconds: number, given: Acquiring) {
  const read = []
  for await (const acquired of capture.acquire({ kind: 'capture', seconds }, given)) {
    if (!isArtifact(acquired)) continue
    const parts: Buffer[] = []
    for await (const piece of acquired.content) parts.push(Buffer.from(piece))
    const { path, about } = acquired
    read.push({ path, about, bytes: Buffer.concat(parts), after: (await acquired.after?.()) ?? {} })
  }
  return read
}

/** Command lines of the tools that run now. */
function running(tool: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) =>
      spawnSync('cat', [`/proc/${pid}/cmdline`])
        .stdout.toString()
        .replaceAll('\0', ' '),
    )
    .filter((line) => line.startsWith(`${tool} -`) && line.includes(' -s 65535 '))
}

test.skipIf(tools.length < 2).for(['tcpdump', 'dumpcap'])(
  'what %s captures is pcap, with the packets it counts and those it dropped',
  { timeout: 20_000 },
  async (tool) => {
    startTraffic(200)

    const read = await all(2, acquiring(tool))

    expect(read).toHaveLength(1)
    const [segment] = read
    expect(segment).toMatchObject({
      path: 'capture/any-1.pcap',
      about: { method: tool, interface: 'any', seconds: 2, snapBytes: 65_535 },
      after: { isLast: true, endedBy: 'seconds', cutBytes: 0, statistics: { captured: segment?.after.packets } },
    })
    expect(segment?.bytes.includes('planted-word-planted-word-')).toBe(true)
    const file = join(temporaryFolder(), 'one.pcap')
    writeFileSync(file, segment?.bytes ?? '')
    const lines = execFileSync('tcpdump', ['-nr', file], { stdio: ['ignore', 'pipe', 'ignore'] })
    expect(lines.toString().split('\n')).toHaveLength(Number(segment?.after.packets) + 1)
    expect(running(tool)).toEqual([])
  },
)

test.skipIf(tools.length < 2)(
  'segments are files of their own, and no packet is in two or in none',
  { timeout: 20_000 },
  async () => {
    startTraffic(8_000)

    const read = await all(2, acquiring('tcpdump', { limits: { ...limits, artifactBytes: 100_000 } }))

    expect(read.length).toBeGreaterThan(2)
    for (const { bytes } of read) expect([bytes.length <= 100_000, bytes.readUInt32LE(0)]).toEqual([true, 0xa1b2c3d4])
    expect(read.map(({ after }) => after.isLast)).toEqual(read.map((_, i) => i === read.length - 1))
    const packets = read.reduce((sum, { after }) => sum + Number(after.packets), 0)
    expect(read.at(-1)?.after).toMatchObject({ statistics: { captured: packets, droppedByKernel: expect.any(Number) } })
  },
)

test.skipIf(tools.length < 2)(
  'a capture that is cancelled gives nothing more and leaves no tool running',
  {
    timeout: 20_000,
  },
  async () => {
    startTraffic(8_000)
    const stop = new AbortController()
    let ran: string[] = []
    const pace = async () => {
      ran = running('tcpdump')
      stop.abort(new Error('cancelled'))
    }

    await expect(all(600, acquiring('tcpdump', { signal: stop.signal, pace }))).rejects.toThrow('cancelled')
    expect(ran).toHaveLength(1)
    await expect.poll(() => running('tcpdump'), { timeout: 10_000 }).toEqual([])
  },
)

test.skipIf(tools.length < 2)(
  'an agent that is killed leaves no tool running, though there is no packet to fail on',
  {
    timeout: 20_000,
  },
  async () => {
    const from = (name: string) => JSON.stringify(join(import.meta.dirname, name))
    const program = `import { capture } from ${from('capture.ts')}
import { newLinuxHost } from ${from('../linux-host.fixture.ts')}
const given = { host: newLinuxHost(), signal: new AbortController().signal, limits: { artifactBytes: 1e9 }, pace: async () => {} }
for await (const { content } of capture.acquire({ kind: 'capture', seconds: 600 }, given)) for await (const _ of content);`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
    onTestFinished(() => void child.kill('SIGKILL'))
    await expect.poll(() => running('tcpdump'), { timeout: 10_000 }).toHaveLength(1)

    child.kill('SIGKILL')

    await expect.poll(() => running('tcpdump'), { timeout: 10_000 }).toEqual([])
  },
)

test('where no tool is installed that is said, with what to install', async () => {
  await expect(all(1, acquiring('none'))).rejects.toThrow('No tcpdump is installed')
})
