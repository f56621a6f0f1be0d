import { type Static, type TSchema, Type } from 'typebox'
import { Offer } from '../artifact.ts'
import { Lineage, SignedHead } from '../batch.ts'
import { toUtf8 } from '../bytes.ts'
import { check } from '../check.ts'
import { Refusal } from '../error.ts'
import { Policy } from '../policy.ts'
import { Hash, HostId, SourceId, Time } from '../record.ts'
import { Task, TaskId } from '../task.ts'
import { text } from '../text.ts'
import { limits } from './limits.ts'

/** Version of the conversation; a console refuses what it does not speak. */
export const protocolVersion = 1

const closed = { additionalProperties: false }
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Text = text(200)
const TipFrame = Type.Union([Type.Object({ seq: Count, headerHash: Hash }, closed), Type.Null()])

/** Earlier chains an agent names at most, the newest first. */
export const mostEarlier = 64
/**
 * A chain of this machine that has ended, under the key it had then, of which the spool still holds batches: a console
 * that was replaced by an older copy of itself may lack what was acknowledged of it.
 */
export const EarlierChain = Type.Object(
  {
    host: HostId,
    /** Certificate of its key, PEM. */
    certificate: text(16_384),
    tip: Type.Object({ seq: Count, headerHash: Hash }, closed),
    /** Oldest batch still in the spool. */
    oldestSeq: Count,
    /** Newest batch up to which a console has acknowledged it. */
    acked: Count,
  },
  closed,
)
export type EarlierChain = Static<typeof EarlierChain>

/**
 * `held` to its end; `lacked`, so that the agent sends what follows `after` (the newest batch of its line that is held,
 * as in `welcome`); or `refused`: nothing of it will be taken.
 */
const EarlierStands = Type.Union([
  Type.Object({ host: HostId, is: Type.Literal('lacked'), after: TipFrame }, closed),
  Type.Object({ host: HostId, is: Type.Union([Type.Literal('held'), Type.Literal('refused')]) }, closed),
])
export type EarlierStands = Static<typeof EarlierStands>

/**
 * How far a source has come with what its host held of it before it was first read: bytes of its files as they lie on
 * the disk, or milliseconds of the time it spans. Totals change when files are compressed meanwhile.
 */
export const Backfill = Type.Object(
  {
    unit: Type.Union([Type.Literal('byte'), Type.Literal('millisecond')]),
    done: Count,
    total: Count,
    /** Those that were read whole count as done; the others are losses of the source. */
    files: Type.Optional(Type.Object({ done: Count, total: Count }, closed)),
    /** When all of it that can be read had been. */
    finishedAt: Type.Union([Time, Type.Null()]),
  },
  closed,
)
export type Backfill = Static<typeof Backfill>

/** How a source stands on the host right now; `why` and `fix` where it gives nothing, `why` also where its history waits. */
export const SourceState = Type.Object(
  {
    id: SourceId,
    state: Type.Union([Type.Literal('ok'), Type.Literal('not-enabled'), Type.Literal('failed')]),
    why: Type.Optional(text(500)),
    fix: Type.Optional(text(500)),
    /** Left out by a source that had nothing before it was first read. */
    backfill: Type.Optional(Backfill),
  },
  closed,
)
export type SourceState = Static<typeof SourceState>

/**
 * Why an agent ends: `stopped` by a signal that nobody owns up to, `service-stopped` by the service manager,
 * `host-stopping` because the machine shuts down or starts again, `uninstalled` for good, `restarting` by itself, to
 * begin anew at once with less memory, `enrolled` because an enrolment only sends its first batch.
 */
export const EndReason = Type.Union([
  Type.Literal('stopped'),
  Type.Literal('service-stopped'),
  Type.Literal('host-stopping'),
  Type.Literal('uninstalled'),
  Type.Literal('restarting'),
  Type.Literal('enrolled'),
])
export type EndReason = Static<typeof EndReason>
/** How a cap stands on the host right now: by the name it has in a policy, and in the unit of that name. */
export const CapState = Type.Object(
  {
    cap: Type.Union([
      Type.Literal('cpuPercent'),
      Type.Literal('memoryMb'),
      Type.Literal('spoolMb'),
      Type.Literal('kilobytesPerSecond'),
    ]),
    /** What is in force. */
    limit: Type.Number({ minimum: 0 }),
    use: Type.Number({ minimum: 0 }),
    /** Since when it slows the agent down, by the clock of the host, and why; both left out while it does not. */
    since: Type.Optional(Time),
    why: Type.Optional(text(500)),
  },
  closed,
)
export type CapState = Static<typeof CapState>

/** Control messages are JSON text frames; batches travel as binary frames, the same bytes as everywhere. */
export const fromAgent = {
  /** First message: who, in which state, and where its chain stands. */
  hello: Type.Object(
    {
      type: Type.Literal('hello'),
      version: Type.Integer(),
      agent: Text,
      name: Text,
      os: Text,
      platform: Text,
      bootId: Text,
      tip: TipFrame,
      /** Oldest batch still in the spool, acknowledged ones included; null when it is empty. */
      oldestSeq: Type.Union([Count, Type.Null()]),
      /** Newest batch up to which a console has acknowledged this chain; 0 where it has none. */
      acked: Count,
      /** Newest ledger head the host was given. */
      witness: Type.Union([SignedHead, Type.Null()]),
      /** Left out where there are none. */
      earlier: Type.Optional(Type.Array(EarlierChain, { maxItems: mostEarlier })),
      taskCounter: Count,
      sentAt: Time,
    },
    closed,
  ),
  /** Asks for the console's clock. */
  time: Type.Object({ type: Type.Literal('time'), sentAt: Time }, closed),
  /** Heartbeat with the state of sources, spool and own use; every 10 s. */
  state: Type.Object(
    {
      type: Type.Literal('state'),
      sources: Type.Array(SourceState, { maxItems: 2000 }),
      spool: Type.Object({ batches: Count, bytes: Count, unacked: Count }, closed),
      clockOffsetMs: Type.Union([Type.Integer(), Type.Null()]),
      cpuPercent: Type.Number({ minimum: 0 }),
      rssBytes: Count,
      /** Left out by agents that know of no caps. */
      caps: Type.Optional(Type.Array(CapState, { maxItems: 4 })),
      /** Newest ledger head the host was given: what a console that shows it another past is caught by. */
      witness: Type.Union([SignedHead, Type.Null()]),
    },
    closed,
  ),
  /**
   * An artifact that its record, sealed and sent, announces: the console says from which chunk on it wants it. Said anew
   * on each connection until it is held.
   */
  offer: Type.Object({ type: Type.Literal('offer'), offer: Offer }, closed),
  /** How far a task has come that is being done. */
  progress: Type.Object({ type: Type.Literal('progress'), task: TaskId, artifacts: Count, bytes: Count }, closed),
  /** Said before an orderly end of the connection. */
  bye: Type.Object({ type: Type.Literal('bye'), reason: EndReason }, closed),
  /**
   * Asks for a new certificate over the live connection (PKCS #10, base64 of DER). With `lineage` the request is for a
   * new key: the chain forked (a machine copied back from a snapshot), and a new one goes on from the named head.
   */
  renew: Type.Object({ type: Type.Literal('renew'), csr: text(8192), lineage: Type.Optional(Lineage) }, closed),
} satisfies Record<string, TSchema>

export const fromConsole = {
  /** Answer to `hello`: the newest batch held of this chain; the agent sends what follows it. */
  welcome: Type.Object(
    {
      type: Type.Literal('welcome'),
      after: TipFrame,
      window: Count,
      receivedAt: Time,
      sentAt: Time,
      policy: Policy,
      /** How the earlier chains that `hello` names stand; one that could not be judged now is left out. Left out where it names none. */
      earlier: Type.Optional(Type.Array(EarlierStands, { maxItems: mostEarlier })),
    },
    closed,
  ),
  /** The batch is durable. The agent checks the hash against its own before it marks anything. `host` where it is of an earlier chain. */
  ack: Type.Object(
    { type: Type.Literal('ack'), host: Type.Optional(HostId), seq: Count, headerHash: Hash, head: SignedHead },
    closed,
  ),
  /** What was sent is refused, by name. `seq` where it is about a batch; `fatal` when the connection ends with it. */
  refused: Type.Object(
    {
      type: Type.Literal('refused'),
      code: Text,
      says: text(1000),
      seq: Type.Optional(Count),
      fatal: Type.Boolean(),
    },
    closed,
  ),
  /** No more batches until `resume`: the console cannot store now (its disk is full). */
  hold: Type.Object({ type: Type.Literal('hold'), says: text(1000) }, closed),
  resume: Type.Object({ type: Type.Literal('resume') }, closed),
  time: Type.Object({ type: Type.Literal('time'), askedAt: Time, receivedAt: Time, sentAt: Time }, closed),
  task: Type.Object({ type: Type.Literal('task'), task: Task }, closed),
  /** The task is to end, done or not. */
  cancel: Type.Object({ type: Type.Literal('cancel'), task: TaskId }, closed),
  /** Chunks below `next` of an artifact are durable; those from there on are wanted. */
  chunks: Type.Object({ type: Type.Literal('chunks'), sha256: Hash, next: Count }, closed),
  /** The whole artifact is durable, and comes to what was offered: the agent may let its copy go. */
  held: Type.Object({ type: Type.Literal('held'), sha256: Hash }, closed),
  /** It will not be taken. */
  unwanted: Type.Object({ type: Type.Literal('unwanted'), sha256: Hash, code: Text, says: text(1000) }, closed),
  policy: Type.Object({ type: Type.Literal('policy'), policy: Policy }, closed),
  /** A person is looking: seal within a second until then. */
  watch: Type.Object({ type: Type.Literal('watch'), until: Time }, closed),
  /** The new certificate, PEM. */
  renewed: Type.Object({ type: Type.Literal('renewed'), certificate: text(16_384) }, closed),
} satisfies Record<string, TSchema>

type Messages<T extends Record<string, TSchema>> = { [K in keyof T]: Static<T[K]> }[keyof T]
export type AgentMessage = Messages<typeof fromAgent>
export type ConsoleMessage = Messages<typeof fromConsole>

/** Reads a control message of an agent. Throws `frame-malformed`, `frame-too-large`. */
export function parseAgentMessage(text: string): AgentMessage {
  return parseMessage(fromAgent, text) as AgentMessage
}

/** Reads a control message of the console. Throws `frame-malformed`, `frame-too-large`. */
export function parseConsoleMessage(text: string): ConsoleMessage {
  return parseMessage(fromConsole, text) as ConsoleMessage
}

function parseMessage(schemas: Record<string, TSchema>, text: string): unknown {
  const bytes = toUtf8(text).length
  if (bytes > limits.textFrame) throw new Refusal('frame-too-large', `${bytes} bytes, the limit is ${limits.textFrame}`)
  const value = readJson(text)
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  const schema = typeof type === 'string' && Object.hasOwn(schemas, type) ? schemas[type] : undefined
  if (schema === undefined || !check(schema, value)) throw new Refusal('frame-malformed', 'not a known control message')
  return value
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Host clock minus console clock in milliseconds, from one exchange: the four times of RFC 5905, 8. */
export function clockOffsetOf(exchange: {
  sentMs: number
  receivedMs: number
  repliedMs: number
  arrivedMs: number
}): number {
  const { sentMs, receivedMs, repliedMs, arrivedMs } = exchange
  return Math.round((sentMs - receivedMs + (arrivedMs - repliedMs)) / 2)
}
