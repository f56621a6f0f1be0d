import { type ChunkHead, fromBase64, type Proof, parseHeader, toUtf8 } from '@tidewaiter/protocol'
import { csvLines } from './csv.ts'
import { masked } from './shown.ts'

/** `records.csv`: the disclosed records for a reader. The proofs beside it hold them byte for byte. */
export const recordTableHead = csvLines([
  [
    'record',
    'cited_by',
    'read_at_utc_host_clock',
    'read_at_utc_console_clock',
    'source',
    'position',
    'method',
    'bytes',
    'text_importer_numbers_masked',
  ],
])

/** A cell takes no more in a spreadsheet than 32,767 characters; nobody reads more than this. */
const mostCharacters = 4000
const mostBytes = 512

export function recordRow({ record, by, proof }: { record: string; by: readonly string[]; proof: Proof }): string {
  // The prover read it from a batch whose chunk heads were checked.
  const head = JSON.parse(proof.chunk) as ChunkHead
  const bytes = fromBase64(proof.record) ?? new Uint8Array(0)
  return csvLines([
    [
      record,
      by.join('; '),
      head.readAt,
      byConsole(head.readAt, proof),
      head.source,
      proof.position,
      head.method,
      bytes.length,
      textOf(bytes),
    ],
  ])
}

/** Corrected by the offset that the batch was sealed with; empty where none was measured. */
function byConsole(readAt: string, { header }: Proof): string {
  const { clockOffset } = parseHeader(toUtf8(header))
  return clockOffset === null ? '' : new Date(Date.parse(readAt) - clockOffset.ms).toISOString()
}

/** The text of a record, or its bytes in hex where it is none. */
function textOf(bytes: Uint8Array): string {
  const text = tryText(bytes)
  if (text === undefined || text.includes('\u0000'))
    return `hex ${cut(Buffer.from(bytes).toString('hex'), mostBytes * 2)}`
  return cut(masked(text), mostCharacters)
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} ... (${text.length - most} more characters)`
}

function tryText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
