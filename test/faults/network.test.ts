import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { seeded } from '../support/evidence.ts'
import { eventually, freePort, temporaryFolder } from '../support/program.ts'
import { newSite, spansOf, storedOf } from './process/site.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

const troubles = [
  'connection cut at any byte',
  'connection half closed',
  'bytes delivered twice',
  'bytes overtaken by the next',
  'byte changed',
  'bytes delayed',
  'nothing delivered any more, then cut',
] as const
type Trouble = (typeof troubles)[number]

/** So many connections go wrong before one is left alone. */
const wanted = 25 * longer

test(
  `over ${wanted} connections that are cut, doubled, reordered, delayed or changed at any byte, every line arrives once`,
  async () => {
    const site = await newSite(temporaryFolder())
    await site.start()
    const port = await freePort()
    const tried = new Map<string, number>()
    const count = (kind: string) => tried.set(kind, (tried.get(kind) ?? 0) + 1)
    const network = await badNetwork({ port, to: site.ports.agentPort, count })
    const desk = await site.newDesk('desk-1', { address: `wss://127.0.0.1:${port}` })
    desk.write(2_000, noise)
    await desk.start({ inHaste: true })

    await eventually(async () => {
      // No more than one search shows.
      if (desk.lines.length < 90_000) desk.write(100, noise)
      expect(network.troubled()).toBeGreaterThanOrEqual(wanted)
    }, 120_000 * longer)

    await eventually(async () => expect((await storedOf(site, desk)).length).toBeGreaterThanOrEqual(desk.lines.length))
    expect(await storedOf(site, desk)).toEqual(desk.lines)
    expect((await spansOf(site, desk)).filter(({ state, lost }) => state === 'lost' || (lost ?? 0) > 0)).toEqual([])
    tally(tried, { records: desk.lines.length })
  },
  240_000 * longer,
)

/** What does not become smaller when it is compressed: batches of many frames of TLS. */
function noise(): string {
  return randomBytes(60).toString('base64')
}

interface BadNetwork {
  port: number
  to: number
  count(kind: Trouble): void
}

/** Stands between agent and console; each connection goes wrong once, in one of its directions, until enough have. */
async function badNetwork({ port, to, count }: BadNetwork) {
  const random = seeded(7)
  let troubled = 0
  const open = new Set<Socket>()
  const server = createServer((agent) => {
    const console = connect(to, '127.0.0.1')
    const end = () => {
      agent.destroy()
      console.destroy()
    }
    for (const socket of [agent, console]) {
      open.add(socket)
      socket.on('error', end)
      socket.on('close', end)
    }
    const trouble = troubles[Math.floor(random() * troubles.length)] ?? troubles[0]
    const isOut = random() < 0.7
    // The handshake takes some 2 KB each way; what follows are frames: batches out, a few hundred bytes for each back.
    const at = Math.floor(random() < 0.2 ? random() * 2_000 : 2_000 + random() ** 2 * (isOut ? 30_000 : 1_500))
    const spoil = () => {
      troubled += 1
      count(trouble)
    }
    const isBad = troubled < wanted
    carry(agent, console, isBad && isOut ? { trouble, at, end, spoil } : undefined)
    carry(console, agent, isBad && !isOut ? { trouble, at, end, spoil } : undefined)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { troubled: () => troubled }
}

interface Spoiling {
  trouble: Trouble
  /** Byte at which it happens. */
  at: number
  end(): void
  spoil(): void
}

function carry(from: Socket, to: Socket, spoiling: Spoiling | undefined): void {
  let bytes = 0
  let isDone = spoiling === undefined
  let isDeaf = false
  from.on('data', (part) => {
    if (isDeaf) return
    const cut = spoiling === undefined ? 0 : spoiling.at - bytes
    bytes += part.length
    if (isDone || spoiling === undefined || cut >= part.length) return void to.write(part)
    isDone = true
    spoiling.spoil()
    isDeaf = spoilAt(spoiling, { to, before: part.subarray(0, cut), behind: part.subarray(cut) })
  })
}

/** True when nothing more is to be delivered. */
function spoilAt(
  { trouble, end }: Spoiling,
  { to, before, behind }: { to: Socket; before: Buffer; behind: Buffer },
): boolean {
  switch (trouble) {
    case 'connection cut at any byte':
      to.write(before, end)
      return true
    case 'connection half closed':
      to.end(before)
      setTimeout(end, 500)
      return true
    case 'bytes delivered twice':
      to.write(Buffer.concat([before, behind, behind]))
      return false
    case 'bytes overtaken by the next':
      to.write(Buffer.concat([behind, before]))
      return false
    case 'byte changed':
      behind[0] = (behind[0] ?? 0) ^ 0x20
      to.write(Buffer.concat([before, behind]))
      return false
    case 'bytes delayed':
      to.write(before)
      setTimeout(() => to.write(behind, end), 300)
      return true
    case 'nothing delivered any more, then cut':
      to.write(before)
      setTimeout(end, 400)
      return true
  }
}
