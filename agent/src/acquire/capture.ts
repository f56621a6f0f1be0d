import { Refusal } from '@tidewaiter/protocol'
import { toTime } from '../time.ts'
import { type Acquirer, type Acquiring, type Artifact, pieceBytes } from './acquirer.ts'
import { boundedCommand, type CaptureTool, captureTools } from './capture-tool.ts'
import { newPacketReader, type PacketReader } from './packets.ts'

const bounds = { packets: 5_000_000, snapBytes: 65_535 }
/** Each segment is hashed, announced and sent by itself: what was had before the agent died stays had. */
const segmentBytes = 32 * 1024 ** 2
const mostBytes = 512 * 1024 ** 2

/**
 * Packets of all interfaces for some seconds, by a tool of the host, in segments that are files of pcap each. What this
 * agent itself sends meanwhile is among them.
 */
export const capture: Acquirer<'capture'> = {
  kind: 'capture',
  platforms: ['linux'],
  provenOn: ['Debian GNU/Linux 12: tcpdump 4.99.3, dumpcap 4.0.17'],
  async *acquire({ seconds }, acquiring) {
    const { host, signal } = acquiring
    const tool = captureTools.find(({ command }) => host.has(command))
    if (tool === undefined)
      throw new Refusal<string>('capture-tool-missing', 'No tcpdump is installed: `apt-get install tcpdump`.')
    const stop = new AbortController()
    const taking: Taking = { tool, acquiring, end: () => stop.abort(), endedBy: 'tool', bytes: 0, errors: undefined }
    const until = host.timer(seconds * 1000, () => {
      taking.endedBy = 'seconds'
      stop.abort()
    })
    const [command, args] = boundedCommand(host, tool, { ...bounds, seconds })
    const run = host.run(command, args, AbortSignal.any([signal, stop.signal]), (errors) => {
      taking.errors = errors
    })
    const stream = run[Symbol.asyncIterator]()
    try {
      yield* segments(newPacketReader(stream, bounds.snapBytes), { seconds, taking })
    } finally {
      until()
      stop.abort()
      await stream.return?.()
    }
  },
}

interface Taking {
  tool: CaptureTool
  acquiring: Acquiring
  /** Ends the tool. */
  end(): void
  endedBy: 'seconds' | 'bytes' | 'tool'
  bytes: number
  errors: string | undefined
}

async function* segments(
  reader: PacketReader,
  { seconds, taking }: { seconds: number; taking: Taking },
): AsyncIterable<Artifact> {
  const { acquiring, tool } = taking
  const header = await reader.header()
  acquiring.signal.throwIfAborted()
  if (header === undefined) throw new Refusal<string>('capture-failed', `${tool.command} gave nothing`)
  const most = Math.min(segmentBytes, acquiring.limits.artifactBytes)
  for (let [number, next] = [1, await reader.next()]; number === 1 || next !== undefined; number += 1) {
    const segment: Segment = { header, next, most, packets: 0, times: [] }
    const about = {
      ...{ method: tool.command, format: 'pcap', interface: 'any', segment: number, seconds, ...bounds },
      promiscuous: false,
      startedAt: toTime(acquiring.host.now()),
    }
    yield {
      path: `capture/any-${number}.pcap`,
      about,
      content: contentOf(reader, { segment, taking }),
      after: async () => afterOf(reader, segment, taking),
    }
    next = segment.next
  }
}

interface Segment {
  header: Buffer
  /** The packet that comes next; undefined when the tool has ended. */
  next: Awaited<ReturnType<PacketReader['next']>>
  most: number
  packets: number
  /** Of its first and its last packet. */
  times: number[]
}

async function* contentOf(
  reader: PacketReader,
  { segment, taking }: { segment: Segment; taking: Taking },
): AsyncIterable<Uint8Array> {
  const { acquiring } = taking
  let length = segment.header.length
  let unpaced = 0
  yield segment.header
  for (let packet = segment.next; packet !== undefined; packet = segment.next) {
    const { bytes, atMs } = packet
    if (length + bytes.length > segment.most) return
    length += bytes.length
    taking.bytes += bytes.length
    segment.packets += 1
    segment.times = [segment.times[0] ?? atMs, atMs]
    unpaced += bytes.length
    if (unpaced >= pieceBytes) {
      unpaced = 0
      await acquiring.pace()
    }
    acquiring.signal.throwIfAborted()
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
    if (taking.bytes >= mostBytes && taking.endedBy === 'tool') {
      taking.endedBy = 'bytes'
      taking.end()
    }
    segment.next = await reader.next()
  }
  acquiring.signal.throwIfAborted()
}

function afterOf(reader: PacketReader, { next, packets, times }: Segment, { tool, errors, endedBy }: Taking) {
  const [firstAt, lastAt] = times.map((ms) => toTime(ms))
  const about = { packets, ...(firstAt !== undefined && { firstAt, lastAt }) }
  if (next !== undefined) return { ...about, isLast: false }
  const statistics = (errors === undefined ? undefined : tool.parse(errors)) ?? 'not told'
  return { ...about, isLast: true, endedBy, cutBytes: reader.cut(), statistics }
}
