import type { Host } from '../../host.ts'
import type { Collector, From, Standing, Taken } from '../collector.ts'
import { type Channel, channels } from './channels.ts'
import { textOfAnswer } from './cut-events.ts'
import { type Look, readChannel } from './read-channel.ts'

/** Pause before a channel that gave something is asked again, and the longest one for a channel that is silent. */
const [soonMs, lateMs] = [5_000, 60_000]
const turnMs = 500
/** So long a log that is behind waits for its turn. */
const waitsMs = 2_000
/** So often it is looked for channels that came, went or were switched off. */
const lookAgainMs = 10 * 60_000
const listLimit = 1024 * 1024

export const eventLogs: Collector = {
  id: 'event-log',
  resource: 'System logs (including event logs)',
  platforms: ['win32'],
  reads:
    'Events of Windows as XML, channel by channel and oldest first, from the oldest one that a channel holds: Security, System, Application, Sysmon, PowerShell, Task Scheduler, Terminal Services, Defender, WMI, WinRM, BITS, NTLM, firewall, SMB, AppLocker, Code Integrity and DNS client.',
  needs:
    'To run as the system or as a member of Event Log Readers, logs that are large enough (wevtutil sl Security /ms:1073741824), an audit policy (auditpol /set), and Sysmon for processes and connections.',
  cannotSee:
    'What the audit policy leaves out, events that newer ones pushed out or that were cleared before they were read (each is said as a loss, with its number), channels that are not in the list, debug and analytic channels, and lone halves of UTF-16 pairs, which become a mark.',
  provenOn: 'Nowhere on Windows yet: tested on events of real logs as XML, and on forms of documentation.',

  async *collect(host, signal, from) {
    const readings: Readings = new Map()
    let lookedMs = Number.NEGATIVE_INFINITY
    while (!signal.aborted) {
      if (host.steady() - lookedMs >= lookAgainMs) {
        yield* await lookFor(host, { readings, from, signal })
        lookedMs = host.steady()
      }
      for (const channel of channels) {
        const reading = readings.get(channel.name)
        if (reading === undefined || reading.dueMs > host.steady()) continue
        const look = await readChannel(host, channel, { next: reading.next, sinceMs: from.history?.sinceMs }, signal)
        if (signal.aborted) return
        yield* look.taken
        readings.set(channel.name, after(look, { reading, from, host }))
      }
      await host.sleep(turnMs, signal)
    }
  },
}

interface Reading {
  next: number | undefined
  pauseMs: number
  dueMs: number
}

/** By the names of their channels. */
type Readings = Map<string, Reading>

/** A channel that is silent is asked less and less often; one that is behind lets all that is new elsewhere come first. */
function after({ next, isFull }: Look, { reading, from, host }: { reading: Reading; from: From; host: Host }): Reading {
  const pauseMs = isFull || next !== reading.next ? soonMs : Math.min(reading.pauseMs * 2, lateMs)
  const waitMs = isFull ? (from.history?.mayGoOn() === false ? waitsMs : 0) : pauseMs
  return { next, pauseMs, dueMs: host.steady() + waitMs }
}

/** Which of the channels there are: those that are not, and those that are off, say so. */
async function lookFor(
  host: Host,
  { readings, from, signal }: { readings: Readings; from: From; signal: AbortSignal },
): Promise<Taken[]> {
  const answer = await host.ask('wevtutil', ['el'], { limit: listLimit, signal })
  if ('why' in answer) return channels.map((channel) => ({ ...missing(answer.why)(channel), state: 'failed' }))
  const there = new Set(textOfAnswer(answer).split(/\r?\n/))
  const taken: Taken[] = []
  for (const channel of channels) {
    const why = there.has(channel.name) ? await whyOff(host, channel, signal) : 'There is no such log on this machine.'
    if (why !== undefined) taken.push(missing(why)(channel))
    // A log that is off still holds what it held.
    if (!there.has(channel.name)) readings.delete(channel.name)
    else if (!readings.has(channel.name))
      readings.set(channel.name, { next: placeIn(from, channel), pauseMs: soonMs, dueMs: host.steady() })
  }
  return taken
}

/** `enabled: false` of `wevtutil gl` (learn.microsoft.com, "wevtutil"). */
async function whyOff(host: Host, { name }: Channel, signal: AbortSignal): Promise<string | undefined> {
  const answer = await host.ask('wevtutil', ['gl', name], { limit: listLimit, signal })
  return !('why' in answer) && /^enabled: false\s*$/m.test(textOfAnswer(answer))
    ? 'The log is switched off.'
    : undefined
}

function placeIn(from: From, { name }: Channel): number | undefined {
  const position = from.position(`event-log:${name}`)
  return position !== undefined && 'number' in position ? position.number : undefined
}

function missing(why: string): (channel: Channel) => Standing {
  return ({ name, fix }) => ({ source: `event-log:${name}`, state: 'not-enabled', why: why.slice(0, 400), fix })
}
