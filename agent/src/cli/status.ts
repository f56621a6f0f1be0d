import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { historyText, isOfAgent, lostFilesOf } from '@tidewaiter/protocol'
import type { Command } from 'commander'
import { type DataFolder, isHeld, lookInto } from '../data-folder.ts'
import { readEnrolment } from '../identity.ts'
import { startCommand } from '../service.ts'
import { type Note, readStatus, type Status, uplinkSource } from '../status.ts'
import { placeOf } from '../uplink/tls.ts'
import { version } from '../version.ts'
import { capLines } from './cap-lines.ts'
import { type Common, type Surroundings, withData, withJson } from './command.ts'
import { duration, entry, print, printJson, size } from './output.ts'

const help = `
Reads what a running agent leaves every ten seconds; of one that does not run,
its last word. doctor judges, and says what to do.

Exit codes: 0 answered, 1 not enrolled or unreadable, 2 usage, 3 needs admin.`

export function status(program: Command, surroundings: Surroundings): void {
  const command = program.command('status').description('how the agent on this machine stands')
  withJson(withData(command, surroundings))
    .addHelpText('after', help)
    .action(async ({ data, json }: Common) => {
      const standing = standingOf(lookInto(resolve(data)))
      const { isRunning, note } = standing
      const since = (isRunning ? note?.startedAt : note?.at) ?? null
      if (json === true) printJson({ ...standing.status, running: isRunning, since })
      else {
        const places = { path: resolve(data), configFile: note?.configFile }
        const start = isRunning ? '' : await startCommand(surroundings.openHost(), places)
        for (const line of describe({ ...standing, start }, Date.now())) print(line)
      }
    })
}

/** A running agent leaves its word every ten seconds, unless its disk takes none. */
const staleMs = 45_000

interface Standing {
  isRunning: boolean
  /** What the agent said last; undefined when it never ran. */
  note: Note | undefined
  status: Status
}

function standingOf(folder: DataFolder): Standing {
  const { host, addresses } = readEnrolment(folder)
  const place = placeOf(addresses[0] ?? '')
  const note = readStatus(folder)
  const isRunning = isHeld(folder.path)
  const never: Status = {
    host,
    console: `${place.host}:${place.port}`,
    connected: false,
    lastAckAt: null,
    spool: { batches: 0, bytes: 0, unacked: 0 },
    lost: 0,
    lostUncounted: 0,
    cpuPercent: 0,
    rssBytes: 0,
    sources: [],
  }
  const last = note?.status ?? never
  // A killed agent could not take its last word back.
  return { isRunning, note, status: isRunning ? last : { ...last, connected: false, cpuPercent: 0, rssBytes: 0 } }
}

function describe({ isRunning, note, status, start }: Standing & { start: string }, nowMs: number): string[] {
  const { spool, sources } = status
  const ago = (time: string) => duration(nowMs - Date.parse(time))
  const queue = `${spool.unacked} of ${spool.batches} batches wait; ${size(spool.bytes)} in the spool`
  return [
    entry({ label: hostname(), says: `agent ${version}, enrolled with ${status.console}` }),
    agentLine({ isRunning, note, nowMs }),
    isRunning ? undefined : entry({ label: '', says: `Fix: ${start}` }),
    isRunning && note !== undefined ? connectionLine(note, ago) : undefined,
    entry({ label: 'Queue', says: queue, outcome: 'ok' }),
    lostLine(status),
    isRunning
      ? entry({ label: 'Load', says: `${status.cpuPercent} % of one CPU, ${size(status.rssBytes)} of memory` })
      : undefined,
    ...(isRunning ? capLines(status.caps ?? [], ago) : []),
    ...sourceLines(sources),
  ].filter((line) => line !== undefined)
}

function agentLine({ isRunning, note, nowMs }: { isRunning: boolean; note: Note | undefined; nowMs: number }): string {
  const ago = (time: string) => duration(nowMs - Date.parse(time))
  if (note === undefined && isRunning) return entry({ label: 'Agent', says: 'is starting', outcome: 'ok' })
  if (note === undefined) return entry({ label: 'Agent', says: 'never ran here', outcome: 'PROBLEM' })
  if (isRunning && nowMs - Date.parse(note.at) > staleMs) {
    const says = `runs, and could leave no word for ${ago(note.at)}: what follows is that old. Is the disk full?`
    return entry({ label: 'Agent', says, outcome: 'PROBLEM' })
  }
  if (isRunning)
    return entry({ label: 'Agent', says: `runs for ${ago(note.startedAt)}, since ${note.startedAt}`, outcome: 'ok' })
  const says = `does not run; last seen ${ago(note.at)} ago, at ${note.at}`
  return entry({ label: 'Agent', says, outcome: 'PROBLEM' })
}

function lostLine({ lost, lostUncounted }: Status): string {
  const label = 'Lost'
  const told = 'since the enrolment, each told to the console'
  const more = lostUncounted === 1 ? '1 loss' : `${lostUncounted} losses`
  const counted = lost > 0 ? `at least ${lost} records; ` : ''
  if (lostUncounted > 0) return entry({ label, says: `${counted}${more} of unknown size ${told}`, outcome: 'note' })
  if (lost > 0) return entry({ label, says: `${lost} records ${told}`, outcome: 'note' })
  return entry({ label, says: 'nothing since the enrolment', outcome: 'ok' })
}

function connectionLine({ linkSince, status }: Note, ago: (time: string) => string): string {
  const acked = status.lastAckAt === null ? 'no acknowledgement yet' : `last acknowledged ${ago(status.lastAckAt)} ago`
  if (status.connected)
    return entry({ label: 'Connection', says: `online for ${ago(linkSince)}; ${acked}`, outcome: 'ok' })
  const says = `offline for ${ago(linkSince)}; ${acked}. Evidence waits in the spool. See: tidewaiter-agent doctor`
  return entry({ label: 'Connection', says, outcome: 'PROBLEM' })
}

function sourceLines(all: Status['sources']): string[] {
  // The connection has a line of its own.
  const sources = all.filter(({ id }) => id !== uplinkSource)
  if (sources.length === 0) return []
  const taken = sources.filter(({ id }) => !isOfAgent(id))
  const good = taken.filter(({ state }) => state === 'ok')
  const ids = good.map(({ id, records }) => `${id} (${records})`).join(', ')
  const lines = sources
    .filter(({ state }) => state !== 'ok')
    .flatMap(({ id, state, why = '', fix = '' }) => [
      entry({ label: '', says: `${id}: ${why}`, outcome: state === 'failed' ? 'PROBLEM' : 'note' }),
      entry({ label: '', says: `Fix: ${fix}` }),
    ])
  const reading = sources.flatMap(({ id, state, why, backfill }) => {
    if (backfill === undefined || backfill.finishedAt !== null) return []
    const waits = state === 'ok' && why !== undefined ? `. ${why}` : ''
    return [`${id} is ${historyText(backfill)}${waits}`]
  })
  const ended = sources.flatMap(({ id, backfill }) =>
    backfill === undefined || backfill.finishedAt === null ? [] : [{ id, backfill }],
  )
  const lossy = ended.filter(({ backfill }) => lostFilesOf(backfill) > 0)
  const whole = ended.length - lossy.length
  const history = [
    ...reading,
    ...lossy.map(({ id, backfill }) => `${id}: ${historyText(backfill)}`),
    ...(whole > 0 ? [`of ${whole} ${whole === 1 ? 'source' : 'sources'} it was read to its end`] : []),
  ]
  return [
    ...history.map((says, i) => entry({ label: i === 0 ? 'History' : '', says })),
    ...(taken.length > 0
      ? [
          entry({
            label: 'Sources',
            says: `${good.length} of ${taken.length} are watched${good.length > 0 ? ', with records so far:' : ''}`,
          }),
        ]
      : []),
    ...(good.length > 0 ? [entry({ label: '', says: ids })] : []),
    ...lines,
  ]
}
