import type { Accuracy } from '../accuracy.fixture.ts'
import { bytesOf, linesOf, namesIn } from '../shared-data.fixture.ts'
import { type AuditLine, scan } from './line.ts'
import { readSocketAddress } from './socket-address.ts'

/** A line as go-libaudit reads it; null for one that it does not. */
type Golden = {
  '@timestamp': string
  record_type: string
  sequence: number
  data: Readonly<Record<string, string>>
} | null

/** Fields that both name alike. */
const told = ['pid', 'ppid', 'uid', 'exe', 'comm', 'acct', 'terminal', 'cwd', 'name', 'unit', 'op', 'addr']

type Difference = readonly [line: string, field: string, expected: unknown, found: unknown]

/** Type, number, time and fields of every line of its logs, beside what go-libaudit reads in them. */
export function fieldAccuracy(): Accuracy & { differences: readonly Difference[] } {
  const names = namesIn('auditd').filter((name) => name.endsWith('.log.golden'))
  const fields = names.flatMap((name): Difference[] => {
    // The folder's own form (`PROVENANCE.md`).
    const golden = JSON.parse(bytesOf(`auditd/${name}`).toString()) as Golden[]
    const lines = linesOf(`auditd/${name.replace('.golden', '')}`).filter(Boolean)
    return golden.flatMap((expected, i) => comparedWith(expected, lines[i] ?? ''))
  })
  const differences = fields.filter(([, , expected, found]) => expected !== found)
  const missed = differences.filter(([, , , found]) => found === undefined).length
  const right = fields.length - differences.length
  return { records: fields.length, right, wrong: differences.length - missed, missed, differences }
}

function comparedWith(expected: Golden, text: string): Difference[] {
  if (expected === null) return []
  const { data } = expected
  const line = scan(text)
  const pairs: [string, unknown, unknown][] = [
    ['type', expected.record_type.toLowerCase(), line?.type.toLowerCase()],
    ['serial', expected.sequence, line?.serial],
    ['time', Date.parse(expected['@timestamp']), line && line.seconds * 1000 + Number(line.milliseconds)],
    ...(data.family === undefined ? fieldsOf(data, line) : endOf(data, line)),
  ]
  return pairs.map(([field, wanted, found]) => [text.slice(0, 80), field, wanted, found])
}

function fieldsOf(data: Readonly<Record<string, string>>, line: AuditLine | undefined): [string, unknown, unknown][] {
  return told.filter((field) => data[field] !== undefined).map((field) => [field, data[field], line?.fields.get(field)])
}

/** What `SOCKADDR` holds in hex. */
function endOf(data: Readonly<Record<string, string>>, line: AuditLine | undefined): [string, unknown, unknown][] {
  if (data.family !== 'ipv4') return []
  const end = readSocketAddress(line?.fields.get('saddr') ?? '')
  const found = end !== undefined && 'address' in end ? end : undefined
  return [
    ['address', data.addr, found?.ip],
    ['port', Number(data.port), found?.port],
  ]
}
