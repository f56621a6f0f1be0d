import type { ActionLine } from '@tidewaiter/protocol'
import type { Store } from '../store/store.ts'
import type { AuditTable } from '../store/tables.ts'
import type { PackageContent } from './content.ts'
import { masked } from './shown.ts'

const linesAtOnce = 500

/**
 * `70_actions.ndjson`: the audit log up to the cut. In clear stand the acts of this incident, decisions on findings that
 * are in it, and what was done with the keys of the console. Of every other act only the hash is there: it keeps the
 * chain whole and tells nothing of other incidents, people, hosts or sources of indicators.
 */
export async function* actionLines(store: Store, content: Content): AsyncGenerator<string> {
  const { audit } = content.state.cut
  const about = aboutOf(content)
  for (let from = 1; from <= audit; from += linesAtOnce) {
    const rows = await store
      .selectFrom('audit')
      .selectAll()
      .where('no', '>=', from)
      .where('no', '<', Math.min(from + linesAtOnce, audit + 1))
      .orderBy('no')
      .execute()
    yield rows.map((row) => `${JSON.stringify(toLine(row, about))}\n`).join('')
  }
}

type Content = Pick<PackageContent, 'incident' | 'items' | 'state'>

/** What a package is about: whatever an act says beyond it is nobody's business here. */
interface About {
  incident: string
  findings: ReadonlySet<string>
}

function aboutOf({ incident, items, state }: Content): About {
  const refs = items.filter(({ kind }) => kind === 'finding').map(({ ref }) => ref)
  // A finding that became part of another one is decided under the id of that one.
  return { incident: incident.id, findings: new Set([...refs, ...state.findings.map(({ id }) => id)]) }
}

function toLine({ no, at, who, act, data, prev, hash }: AuditTable, about: About): ActionLine {
  return isShown(act, data, about) ? { no, at, who, act, data, prev, hash } : { no, withheld: true, hash }
}

function isShown(act: string, text: string, { incident, findings }: About): boolean {
  // A line is shown as it was hashed or not at all: there is no masking inside one.
  if (masked(text) !== text) return false
  // Written by `record` from an object.
  const data = JSON.parse(text) as { id?: unknown; incident?: unknown }
  if (data.incident !== undefined) return data.incident === incident
  if (act === 'incident.create') return data.id === incident
  if (act === 'finding.decide') return typeof data.id === 'string' && findings.has(data.id)
  return act.startsWith('keys.')
}
