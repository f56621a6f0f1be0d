import { CapState, HostId, Position, SourceState, Time } from '@tidewaiter/protocol'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { DataFolder } from './data-folder.ts'
import { parseJson } from './json.ts'

const Count = Type.Integer({ minimum: 0 })

/** What `tidewaiter-agent status --json` prints (`contract.md`). */
export const Status = Type.Object({
  host: HostId,
  /** Address of the console. */
  console: Type.String(),
  connected: Type.Boolean(),
  lastAckAt: Type.Union([Time, Type.Null()]),
  spool: Type.Object({ batches: Count, bytes: Count, unacked: Count }),
  /** Records lost since the enrolment, as far as they could be counted. */
  lost: Count,
  /** Losses beside them whose size is not known. */
  lostUncounted: Count,
  cpuPercent: Type.Number(),
  rssBytes: Count,
  /** Left out by agents that know of no caps. */
  caps: Type.Optional(Type.Array(CapState)),
  /** `records` and `position` as they were last sealed; null for a source that gave nothing yet. */
  sources: Type.Array(Type.Interface([SourceState], { records: Count, position: Type.Union([Position, Type.Null()]) })),
})
export type Status = Static<typeof Status>

/** The status as a running agent leaves it for those who ask. */
const Note = Type.Object({
  /** When it was left: an agent at work does so every ten seconds. */
  at: Time,
  startedAt: Time,
  /** Since when it is connected, or is not. */
  linkSince: Time,
  /** The configuration it was given by name. */
  configFile: Type.Optional(Type.String()),
  status: Status,
})
export type Note = Static<typeof Note>

/** Id under which a missing connection stands among the sources. */
export const uplinkSource = 'agent:uplink'

const file = 'status.json'

export function writeStatus(folder: DataFolder, note: Note): void {
  folder.writeLightly(file, JSON.stringify(note))
}

/** What was told of another enrolment does not hold for a new one. */
export function forgetStatus(folder: DataFolder): void {
  folder.remove(file)
}

/** Undefined when no agent ever ran here. */
export function readStatus(folder: DataFolder): Note | undefined {
  const text = folder.read(file)
  const note = text === undefined ? undefined : parseJson(text.toString())
  return Value.Check(Note, note) ? note : undefined
}
