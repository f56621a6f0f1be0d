import { Refusal } from '@tidewaiter/protocol'
import { parseStat } from '../collectors/proc-stat.ts'
import type { Host, ProcessMemory } from '../host.ts'
import { toTime } from '../time.ts'
import { type Acquirer, type Acquiring, pieceBytes } from './acquirer.ts'
import { type CoreFacts, type CoreRegion, coreHead, mostRegions } from './core-file.ts'
import { keptWithin, parseRegions } from './regions.ts'

const mapsBytes = 8 * 1024 * 1024
const pageBytes = 4096
/** Of places that could not be read so many are named; the others are counted. */
const mostNamed = 200

/**
 * The memory of one process, region by region, as an ELF core file without registers. The process is neither stopped nor
 * traced: it runs on, so pages that belong together may be of different moments.
 */
export const processMemory: Acquirer<'process-memory'> = {
  kind: 'process-memory',
  platforms: ['linux'],
  provenOn: ['Debian GNU/Linux 12: read by readelf 2.40 and gdb 13.1'],
  async *acquire({ pid }, acquiring) {
    const { host } = acquiring
    const path = `process/${pid}`
    const stat = statOf(host, pid)
    if (stat === undefined) return yield { path, why: 'missing' }
    const memory = await host.openMemory(pid)
    if (typeof memory === 'string') return yield { path, why: memory }
    try {
      const maps = await host.readHanging(`/proc/${pid}/maps`, mapsBytes)
      // Whoever has the number now may be another: memory and list are those of the process that was found.
      if (statOf(host, pid)?.starttime !== stat.starttime)
        throw new Refusal<string>('process-ended', `process ${pid} ended before it could be read`)
      if (maps === undefined || 'why' in maps) return yield { path, why: maps?.why ?? 'not-permitted' }
      if (maps.length === 0) return yield { path, why: 'it has no memory of its own: a kernel thread, or ended' }
      const about = { method: '/proc/<pid>/maps', pid, starttime: stat.starttime, isWhole: maps.length < mapsBytes }
      yield { path: `${path}/maps`, about, content: inPieces(maps) }
      yield* coreOf(memory, { path, maps, stat: { ...stat, pid }, acquiring })
    } finally {
      memory.close()
    }
  },
}

function statOf(host: Host, pid: number) {
  return parseStat(host.readNow(`/proc/${pid}/stat`))
}

async function* inPieces(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

interface Found {
  path: string
  maps: Buffer
  stat: { pid: number; comm: string; starttime: number }
  acquiring: Acquiring
}

async function* coreOf(memory: ProcessMemory, { path, maps, stat, acquiring }: Found) {
  const { host, limits } = acquiring
  const { pid, comm, starttime } = stat
  const all = parseRegions(maps)
  const facts = { pid, name: comm, uid: host.ownerNow(`/proc/${pid}`)?.uid ?? 0, ...(await programOf(host, pid)) }
  const room = limits.artifactBytes - coreHead(all.slice(0, mostRegions), facts).length
  const { regions, left } = keptWithin(all.slice(0, mostRegions), room)
  const reading: Reading = { missed: { places: 0, bytes: 0, named: [] } }
  yield {
    path: `${path}/memory.core`,
    about: {
      ...{ method: '/proc/<pid>/mem', format: 'ELF core, without registers', pid, starttime, comm },
      exe: host.linkNow(`/proc/${pid}/exe`),
      isStopped: false,
      readFrom: toTime(host.now()),
      regions: regions.length,
      notTaken: { regions: left.length + Math.max(0, all.length - mostRegions), named: left.slice(0, mostNamed) },
    },
    content: contentOf(memory, { head: coreHead(regions, facts), regions, reading, acquiring }),
    after: async () => ({
      readTo: toTime(host.now()),
      unread: reading.missed,
      endedDuringRead: reading.endedAt ?? false,
    }),
  }
}

/** EM_X86_64 and EM_AARCH64 are what agents run on; a program of another kind says so itself. */
async function programOf(host: Host, pid: number): Promise<Pick<CoreFacts, 'machine' | 'auxv'>> {
  const auxv = host.readNow(`/proc/${pid}/auxv`) ?? Buffer.alloc(0)
  const head = await host.readHanging(`/proc/${pid}/exe`)
  const isElf = Buffer.isBuffer(head) && head.length >= 20 && head.readUInt32BE(0) === 0x7f454c46
  return { auxv, machine: isElf ? head.readUInt16LE(18) : 0 }
}

/** What shows in reading. Bytes that could not be read are zeros in the file. */
interface Reading {
  missed: { places: number; bytes: number; named: { address: string; bytes: number }[] }
  /** Address from which on the process was gone. */
  endedAt?: string
}

interface Content {
  head: Buffer
  regions: readonly CoreRegion[]
  reading: Reading
  acquiring: Acquiring
}

async function* contentOf(
  memory: ProcessMemory,
  { head, regions, reading, acquiring }: Content,
): AsyncIterable<Uint8Array> {
  yield* inPieces(head)
  const piece = Buffer.alloc(pieceBytes)
  for (const { start, kept } of regions)
    for (let done = 0; done < kept; done += pieceBytes) {
      await acquiring.pace()
      acquiring.signal.throwIfAborted()
      const part = piece.subarray(0, Math.min(pieceBytes, kept - done))
      await fill(memory, { part, at: start + done, reading })
      yield part
    }
}

async function fill(
  memory: ProcessMemory,
  { part, at, reading }: { part: Buffer; at: number; reading: Reading },
): Promise<void> {
  part.fill(0)
  for (let done = 0; done < part.length && reading.endedAt === undefined; ) {
    const rest = part.subarray(done)
    const got = (await memory.read(rest, at + done)) ?? (await memory.read(rest.subarray(0, pageBytes), at + done))
    if (got === 0) {
      reading.endedAt = (at + done).toString(16)
      return
    }
    if (got === undefined) miss(reading, { at: at + done, bytes: Math.min(pageBytes, rest.length) })
    done += got ?? pageBytes
  }
}

function miss({ missed }: Reading, { at, bytes }: { at: number; bytes: number }): void {
  const last = missed.named.at(-1)
  missed.bytes += bytes
  if (last !== undefined && Number.parseInt(last.address, 16) + last.bytes === at) last.bytes += bytes
  else {
    missed.places += 1
    if (missed.named.length < mostNamed) missed.named.push({ address: at.toString(16), bytes })
  }
}
