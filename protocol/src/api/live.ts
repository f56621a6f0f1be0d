import { type Static, Type } from 'typebox'
import { EventRow } from './events.ts'

/**
 * The live socket `/ws/console`: the page says what it looks at, the server pushes small hints; the page asks again
 * through the API. Only host events travel as rows, at most 200 at a time and 4 times a second.
 */
export const LiveRequest = Type.Object(
  { sub: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 8 }) },
  { additionalProperties: false },
)
export type LiveRequest = Static<typeof LiveRequest>

export const LiveMessage = Type.Union([
  /** Something under this topic changed: `overview`, `hosts`, `host:<id>`, `findings`, `indicators`, `incident:<id>`, `package:<id>`, `collections`, `enrol`, `refusals`. */
  Type.Object({ seq: Type.Integer(), topic: Type.String(), changed: Type.Literal(true) }),
  /** New events of a host, topic `events:<host id>`; `more` were left out. */
  Type.Object({ seq: Type.Integer(), topic: Type.String(), rows: Type.Array(EventRow), more: Type.Integer() }),
])
export type LiveMessage = Static<typeof LiveMessage>
