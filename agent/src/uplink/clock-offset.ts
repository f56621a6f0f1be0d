import { ConsoleTime, clockOffsetOf, Header, paths } from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import { refuse } from '../error.ts'
import type { Clock } from '../host.ts'
import type { Spool } from '../spool/spool.ts'
import { toTime } from '../time.ts'
import type { Port } from './port.ts'

/** The host's clock minus the console's in whole milliseconds, as a header states it. */
export interface Offset {
  ms: number
  measuredAt: string
}

/** When a question left, by both clocks of the host. */
export interface Asked {
  nowMs: number
  steadyMs: number
  /** As it stood in the message. */
  sentAt: string
}

export function ask(clock: Clock): Asked {
  const nowMs = clock.now()
  return { nowMs, steadyMs: clock.steady(), sentAt: toTime(nowMs) }
}

const offsetName = 'clock-offset'
/** A round trip that took longer says too little. */
const longestMs = 10_000
/** The host's clock was set in between when its two clocks disagree by more. */
const stepMs = 500

/**
 * Undefined when the exchange says nothing, because it took too long, the host's clock was set meanwhile, or the
 * console's times are none.
 */
export function offsetOf(
  asked: Asked,
  { receivedAt, sentAt }: { receivedAt: string; sentAt: string },
  clock: Clock,
): Offset | undefined {
  const arrivedMs = clock.now()
  const tookMs = clock.steady() - asked.steadyMs
  if (tookMs > longestMs || isStepped(clock, asked)) return undefined
  const ms = clockOffsetOf({
    sentMs: asked.nowMs,
    receivedMs: Date.parse(receivedAt),
    repliedMs: Date.parse(sentAt),
    arrivedMs,
  })
  return Number.isSafeInteger(ms) ? { ms, measuredAt: toTime(arrivedMs) } : undefined
}

/** True when the wall clock was set since then, or stood still for the steady one. */
export function isStepped(clock: Clock, { nowMs, steadyMs }: Pick<Asked, 'nowMs' | 'steadyMs'>): boolean {
  return Math.abs(clock.now() - nowMs - (clock.steady() - steadyMs)) > stepMs
}

/** As it was last measured; null before the first contact. */
export function clockOffset(spool: Pick<Spool, 'recall'>): Offset | null {
  return spool.recall(offsetName, Header.properties.clockOffset) ?? null
}

/** Both clocks of the host when the offset of a spool was taken; not there for one that an earlier process took. */
const takenAt = new WeakMap<Spool, Pick<Asked, 'nowMs' | 'steadyMs'>>()

export function keepOffset(spool: Spool, offset: Offset | undefined, clock: Clock): void {
  if (offset === undefined) return
  spool.remember(offsetName, offset)
  takenAt.set(spool, { nowMs: clock.now(), steadyMs: clock.steady() })
}

/**
 * The host's clock was set by so much: what is known of it against the console's moves along, until it is measured
 * again. It was, where the uplink noticed the step first.
 */
export function moveOffset(spool: Spool, stepMs: number, clock: Clock): void {
  const [offset, taken] = [clockOffset(spool), takenAt.get(spool)]
  if (offset === null || (taken !== undefined && !isStepped(clock, taken))) return
  keepOffset(spool, { ...offset, ms: offset.ms + stepMs }, clock)
}

/** Asks the port for its time. Throws `clock-unreadable`. */
export async function measureOffset(port: Port, clock: Clock): Promise<Offset | undefined> {
  const asked = ask(clock)
  const { status, body } = await port.ask({ method: 'GET', path: paths.time, unanswered: 'clock-unreadable' })
  if (status === 200 && Value.Check(ConsoleTime, body)) return offsetOf(asked, body, clock)
  throw refuse(
    'clock-unreadable',
    `What answers does not tell the time as a console does (status ${status}). Check the port, and that console and agent are of the same version.`,
  )
}

/** The console's clock, as far as it is known. */
export function consoleNowMs({ spool, host }: { spool: Spool; host: Clock }): number {
  return host.now() - (clockOffset(spool)?.ms ?? 0)
}

/** `0.4 s ahead of the console`. */
export function offsetInWords(ms: number): string {
  const seconds = Math.abs(ms) / 1000
  if (seconds < 0.1) return 'the same as the console'
  const [size, unit] = seconds < 120 ? [seconds, 's'] : seconds < 7200 ? [seconds / 60, 'min'] : [seconds / 3600, 'h']
  return `${size.toFixed(1)} ${unit} ${ms > 0 ? 'ahead of' : 'behind'} the console`
}
