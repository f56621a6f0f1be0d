import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from './error.ts'
import type { Policy, PrivateKind } from './policy.ts'
import { allowancesFor } from './private-path.ts'
import { HostId, Time } from './record.ts'
import { CollectorId, text } from './text.ts'

const closed = { additionalProperties: false }
const Path = text(4096, { least: 1 })
/**
 * A path of a named set, in the words of ForensicArtifacts definitions: `*`, `?`, `**` (and `**5`, so many folders deep) and
 * `%%users.homedir%%`. The host expands it, and asks its own policy for every file it finds.
 */
const SetPath = text(1024, { least: 1 })

/** What a console may ask of a host. There is nothing else it can ask: no command, no shell. */
export const Ask = Type.Union([
  Type.Object({ kind: Type.Literal('snapshot'), collector: CollectorId }, closed),
  Type.Object({ kind: Type.Literal('file'), path: Path }, closed),
  Type.Object({ kind: Type.Literal('folder'), path: Path }, closed),
  Type.Object(
    {
      kind: Type.Literal('artifact-set'),
      sets: Type.Array(
        Type.Object({ name: text(200, { least: 1 }), paths: Type.Array(SetPath, { maxItems: 500 }) }, closed),
        {
          minItems: 1,
          maxItems: 100,
        },
      ),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('process-memory'), pid: Type.Integer({ minimum: 1, maximum: 4_194_304 }) }, closed),
  Type.Object({ kind: Type.Literal('capture'), seconds: Type.Integer({ minimum: 1, maximum: 3600 }) }, closed),
])
export type Ask = Static<typeof Ask>

export const TaskId = Type.String({ pattern: '^[0-9a-f-]{36}$' })

export const Task = Type.Object(
  {
    id: TaskId,
    host: HostId,
    /** Only rises; one at or below the highest seen is a replay. */
    counter: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    expiresAt: Time,
    ask: Ask,
  },
  closed,
)
export type Task = Static<typeof Task>

/** The local allowances a task needs, if it reaches personal data. */
function needsOf({ kind, ...ask }: Ask): readonly PrivateKind[] {
  if (kind === 'process-memory' || kind === 'capture') return [kind]
  return 'path' in ask ? allowancesFor(ask.path, { isFolder: kind === 'folder' }) : []
}

/** Throws `task-malformed`. */
export function parseTask(value: unknown): Task {
  if (!Value.Check(Task, value)) throw new Refusal('task-malformed', 'not a task of the closed list')
  return value
}

/** Throws `task-foreign`, `task-expired`, `task-replayed`, `task-not-allowed`. */
export function admitTask(task: Task, at: { host: string; counter: number; nowMs: number; policy: Policy }): void {
  if (task.host !== at.host) throw new Refusal('task-foreign', `task ${task.id} is for another host`)
  if (!(Date.parse(task.expiresAt) > at.nowMs))
    throw new Refusal('task-expired', `task ${task.id} expired at ${task.expiresAt}`)
  if (task.counter <= at.counter)
    throw new Refusal('task-replayed', `task ${task.id} has counter ${task.counter}, ${at.counter} was seen`)
  const missing = needsOf(task.ask).filter((kind) => !at.policy.allow?.includes(kind))
  if (missing.length > 0)
    throw new Refusal(
      'task-not-allowed',
      `this host does not allow ${missing.join(', ')}: IT can add it to allow: in agent.yaml`,
    )
}
