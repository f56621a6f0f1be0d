/** Packets of a stream of pcap (pcap-savefile(5)), each with its header as it stands. */
export interface PacketReader {
  /** The header of the file; undefined where the stream ends before. Throws when it is none. */
  header(): Promise<Buffer | undefined>
  /** The next packet, its time in milliseconds since 1970; undefined at the end. Throws when what comes is none. */
  next(): Promise<{ bytes: Buffer; atMs: number } | undefined>
  /** Bytes at the end that are no whole packet. */
  cut(): number
}

const [headerBytes, packetBytes] = [24, 16]
/** Times in microseconds, and in nanoseconds. */
const [micro, nano] = [0xa1b2c3d4, 0xa1b23c4d]

/** @param mostBytes of one packet: what says more is none */
export function newPacketReader(stream: AsyncIterator<Buffer>, mostBytes: number): PacketReader {
  let held: Buffer = Buffer.alloc(0)
  let isOver = false
  let perMs = 1e3
  const has = async (bytes: number) => {
    while (held.length < bytes && !isOver) {
      const { value, done } = await stream.next()
      if (done === true) isOver = true
      else held = held.length === 0 ? value : Buffer.concat([held, value])
    }
    return held.length >= bytes
  }
  const take = (bytes: number) => {
    const taken = held.subarray(0, bytes)
    held = held.subarray(bytes)
    return taken
  }
  return {
    async header() {
      if (!(await has(headerBytes))) return undefined
      const header = Buffer.from(take(headerBytes))
      const magic = header.readUInt32LE(0)
      if (magic !== micro && magic !== nano) throw new Error('what the tool writes is no pcap')
      perMs = magic === nano ? 1e6 : 1e3
      return header
    },
    async next() {
      if (!(await has(packetBytes))) return undefined
      const length = held.readUInt32LE(8)
      if (length > mostBytes) throw new Error(`what the tool writes is no packet: ${length} bytes`)
      if (!(await has(packetBytes + length))) return undefined
      const atMs = held.readUInt32LE(0) * 1e3 + held.readUInt32LE(4) / perMs
      return { bytes: take(packetBytes + length), atMs }
    },
    cut: () => held.length,
  }
}
