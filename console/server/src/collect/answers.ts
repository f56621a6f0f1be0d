import { check, openBatch, parseHeader, recordBytes, recordId } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import Type, { type Static } from 'typebox'
import type { Entry, Ledger } from '../ledger/ledger.ts'
import { hostInIds } from '../ledger/ledger.ts'

/** Records of the agent in which a task is received, answered and refused, and artifacts are announced. */
const sources: ReadonlySet<string> = new Set(['agent:task', 'agent:artifact'])

const Text = Type.String({ maxLength: 8192 })
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
/** What is read of each kind (`agent/src/tasks.ts`, `agent/src/acquire/work.ts`); the rest stays in the record. */
const Said = Type.Union([
  Type.Object({ kind: Type.Literal('task-received'), task: Type.Object({ id: Text }) }),
  Type.Object({ kind: Type.Literal('task-refused'), id: Text, code: Text, says: Text }),
  Type.Object({
    kind: Type.Literal('task-answered'),
    id: Text,
    failed: Type.Optional(Text),
    artifacts: Type.Optional(Count),
    bytes: Type.Optional(Count),
    leftOut: Type.Optional(Count),
  }),
  Type.Object({
    kind: Type.Literal('artifact'),
    task: Text,
    sha256: Sha256,
    size: Count,
    path: Text,
    changedDuringRead: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ kind: Type.Literal('artifact-lost'), task: Text, sha256: Sha256, code: Text, says: Text }),
])
export type Said = Static<typeof Said>

/** What a host says of tasks in one batch, each with the id of its record. A batch that does not open says nothing. */
export async function saidIn(entry: Entry, ledger: Pick<Ledger, 'payload'>): Promise<{ record: string; said: Said }[]> {
  const header = parseHeader(entry.headerBytes)
  if (!header.sources.some(({ id, count }) => sources.has(id) && count > 0)) return []
  const open = openBatch(nodePrimitives, { header, payload: await ledger.payload(entry.position) })
  return open.chunks
    .filter(({ head }) => sources.has(head.source))
    .flatMap((chunk) =>
      Array.from({ length: chunk.count }, (_, i) => {
        const said = parse(Buffer.from(recordBytes(chunk, i)).toString('utf8'))
        const record = recordId(hostInIds(entry), entry.seq, chunk.first + i)
        return check(Said, said) ? [{ record, said }] : []
      }).flat(),
    )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
