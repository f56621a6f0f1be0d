import type { Column } from '../columns.ts'
import type { KeyColumn, WordColumn } from '../schema.ts'
import { markedFields, markedGroups } from '../words.ts'

/** What a field of a search is asked in. */
export type Field =
  /** A column of text. `exact`: case counts. `isMarked`: its values are also marks (`words.ts`). */
  | { kind: 'text'; column: Column; exact?: true; isMarked?: true }
  | { kind: 'number'; column: Column }
  | { kind: 'address'; column: Column; key: KeyColumn }
  /** A column of words with blanks around each. */
  | { kind: 'list'; column: Column }
  | { kind: 'time'; column: Column }
  | { kind: 'mark'; name: string }
  /** Words in one column of the words, or anywhere. */
  | { kind: 'words'; column?: WordColumn }
  /** An address, wherever it stands. */
  | { kind: 'ip' }
  /** Host and source as the console knows them. */
  | { kind: 'host' }
  | { kind: 'source' }
  | { kind: 'any'; of: readonly Field[] }

const text = (column: Column): Field => ({ kind: 'text', column })
const exact = (column: Column): Field => ({ kind: 'text', column, exact: true })
const number = (column: Column): Field => ({ kind: 'number', column })

const dataset: Field = { kind: 'text', column: 'dataset', isMarked: true }
const action: Field = { kind: 'text', column: 'action', isMarked: true }
const category: Field = { kind: 'list', column: 'category' }
const type: Field = { kind: 'list', column: 'kind' }
const anyUser: Field = { kind: 'any', of: [text('user'), text('target_user')] }
const anyPort: Field = { kind: 'any', of: [number('source_port'), number('destination_port')] }
const anyPath: Field = { kind: 'any', of: [exact('file'), exact('executable')] }
const anywhere: Field = { kind: 'words' }
const command: Field = { kind: 'words', column: 'command' }
const url: Field = { kind: 'words', column: 'url' }
const host: Field = { kind: 'host' }

/** Every field by its name: those of ECS, and short ones for what is typed most. */
const fields = new Map<string, Field>([
  ...markedFields.map((name): [string, Field] => [name, { kind: 'mark', name }]),
  ['@timestamp', { kind: 'time', column: 'at' }],
  ['host', host],
  ['host.id', host],
  // A record names its host in its text, and not always the one it was read on.
  ['host.name', { kind: 'any', of: [host, { kind: 'words', column: 'text' }] }],
  ['source', { kind: 'source' }],
  ['event.dataset', dataset],
  ['dataset', dataset],
  ['event.category', category],
  ['category', category],
  ['event.type', type],
  ['type', type],
  ['event.action', action],
  ['action', action],
  ['event.outcome', text('outcome')],
  ['outcome', text('outcome')],
  ['user.name', text('user')],
  ['user.target.name', text('target_user')],
  ['user', anyUser],
  ['account', anyUser],
  ['source.ip', { kind: 'address', column: 'source_ip', key: 'source_key' }],
  ['source.port', number('source_port')],
  ['destination.ip', { kind: 'address', column: 'destination_ip', key: 'destination_key' }],
  ['destination.port', number('destination_port')],
  ['ip', { kind: 'ip' }],
  ['port', anyPort],
  ['process.name', text('process')],
  ['process', text('process')],
  ['process.pid', number('pid')],
  ['pid', number('pid')],
  ['process.executable', exact('executable')],
  ['process.hash.sha256', text('sha256')],
  ['process.command_line', command],
  ['command', command],
  ['service.name', text('service')],
  ['service', text('service')],
  ['file.path', exact('file')],
  ['file', exact('file')],
  ['path', anyPath],
  ['http.response.body.bytes', number('bytes')],
  ['url.original', url],
  ['url.full', url],
  ['url', url],
  ['user_agent.original', { kind: 'words', column: 'agent' }],
  ['message', { kind: 'words', column: 'text' }],
  ['event.original', { kind: 'words', column: 'text' }],
  ['hash', anywhere],
  ['md5', anywhere],
  ['sha1', anywhere],
  ['sha256', anywhere],
  ['domain', anywhere],
  ['email', anywhere],
])

/** Undefined for a name that no field has. */
export function fieldOf(name: string): Field | undefined {
  const known = fields.get(name) ?? fields.get(name.toLowerCase())
  if (known !== undefined) return known
  return markedGroups.some((group) => name.toLowerCase().startsWith(`${group}.`)) ? { kind: 'mark', name } : undefined
}

const mostNear = 3

/** Names that a mistyped one may have meant, the nearest first. */
export function nearNames(name: string): string[] {
  const wanted = name.toLowerCase()
  const rated = Array.from(fields.keys(), (known) => ({ known, far: distance(wanted, known) }))
  return rated
    .filter(({ known, far }) => far <= Math.max(2, wanted.length / 3) || known.split('.').includes(wanted))
    .sort((a, b) => a.far - b.far || (a.known < b.known ? -1 : 1))
    .slice(0, mostNear)
    .map(({ known }) => known)
}

const longestName = 64

/** Characters to be added, left out or changed to come from one name to the other. */
function distance(a: string, b: string): number {
  if (a.length > longestName) return a.length
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
