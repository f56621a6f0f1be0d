import { randomBytes } from 'node:crypto'
import { type Batch, type ChunkHead, type OpenBatch, openBatch, prove, seal } from '@tidewaiter/protocol'
import type { EventRow, RecordDetail, RecordLine } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { hosts, type SampleHost } from './hosts.ts'
import { type Line, lines } from './story.ts'

/** The story's lines, really sealed: a page can check their proofs. */

interface Sealed {
  host: SampleHost
  batch: Batch
  open: OpenBatch
  lines: readonly Line[]
}

function sealLines(host: SampleHost, own: readonly Line[], seq: number): Sealed {
  const chunks = own.map((line) => {
    const bytes = Buffer.from(line.text)
    const head: ChunkHead = {
      source: line.source,
      start: { number: 0 },
      readAt: line.at,
      method: line.source.startsWith('log-file:') ? 'file' : 'snapshot',
      unit: 'row',
      lf: false,
    }
    return { head, lengths: [bytes.length], bytes }
  })
  const batch = seal(nodePrimitives, chunks, {
    seed: randomBytes(32),
    statement: {
      host: host.id,
      seq,
      prev: null,
      agent: '0.1.0',
      bootId: 'sample',
      zone: 'America/New_York',
      utcOffset: -240,
      clockOffset: null,
      from: own[0]?.at ?? '',
      to: own.at(-1)?.at ?? '',
      sealedAt: own.at(-1)?.at ?? '',
      sources: [],
      lost: [],
      witness: null,
    },
    sign: (data) => nodePrimitives.signP256(host.privateKey, data),
  })
  return { host, batch, open: openBatch(nodePrimitives, batch), lines: own }
}

const sealed = hosts.flatMap((host, i) => {
  const own = lines.filter((line) => line.host === host.name)
  return own.length === 0 ? [] : sealLines(host, own, 4119 + i)
})

/** Every event, oldest first. */
export const events: readonly EventRow[] = sealed
  .flatMap(({ host, batch, lines: own }) =>
    own.map((line, index) => ({
      record: `${host.id}/${batch.header.seq}/${index}`,
      host: { id: host.id, name: host.name },
      source: line.source,
      at: line.at,
      hostAt: line.at,
      readAt: line.at,
      receivedAt: line.at,
      position: batch.header.seq,
      document: { '@timestamp': line.at, 'host.name': host.name, ...line.document, 'event.original': line.text },
    })),
  )
  .sort((a, b) => (a.at < b.at ? -1 : 1))

export function recordDetail(id: string): RecordDetail | undefined {
  const [hostId, seq, index] = id.split('/')
  const found = sealed.find(({ host, batch }) => host.id === hostId && batch.header.seq === Number(seq))
  if (found === undefined || found.lines[Number(index)] === undefined) return undefined
  const proof = prove(nodePrimitives, found.batch, found.open, Number(index))
  return {
    event: events.find((event) => event.record === id) ?? null,
    record: id,
    head: JSON.parse(proof.chunk) as ChunkHead,
    position: proof.position,
    bytes: proof.record,
    proof,
    publicKey: Buffer.from(found.host.publicKey).toString('base64'),
    ledgerPosition: found.batch.header.seq,
    receivedAt: found.batch.header.sealedAt,
  }
}

/** The same as lists show it; the sample holds no private numbers. */
export function recordLine({ event, record, bytes, receivedAt }: RecordDetail): RecordLine {
  return { event, record, bytes, isCut: false, receivedAt }
}

/** Record ids of the first `count` events whose text has `part`. */
export function recordsWith(part: string, count = 200): string[] {
  return events
    .filter(({ document }) => String(document['event.original']).includes(part))
    .slice(0, count)
    .map(({ record }) => record)
}
