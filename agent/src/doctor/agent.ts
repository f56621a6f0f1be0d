import { isOfAgent } from '@tidewaiter/protocol'
import { isHeld } from '../data-folder.ts'
import { startCommand } from '../service.ts'
import { type Note, uplinkSource } from '../status.ts'
import type { Examined, Finding } from './finding.ts'

/** An agent leaves its status every ten seconds. */
const staleMs = 60_000

/** The agent that should be running on this folder, and what its sources give. */
export async function agentFindings(note: Note | undefined, { path, host, configFile }: Examined): Promise<Finding[]> {
  if (!isHeld(path)) {
    const fix = await startCommand(host, { path, configFile: configFile ?? note?.configFile })
    return [{ name: 'agent', ok: false, says: 'is not running: nothing is taken', fix }]
  }
  if (note === undefined) return [{ name: 'agent', ok: true, says: 'is starting' }]
  const silentMs = host.now() - Date.parse(note.at)
  if (silentMs > staleMs) {
    const says = `is running, but has left no status for ${Math.round(silentMs / 1000)} s`
    return [{ name: 'agent', ok: false, says, fix: 'Look at the disk below and at its log; start it again.' }]
  }
  return [
    { name: 'agent', ok: true, says: `is running since ${note.startedAt}` },
    connectionFinding(note),
    ...sourceFindings(note),
  ]
}

function connectionFinding({ linkSince, status: { connected, sources } }: Note): Finding {
  const name = 'connection'
  if (connected) return { name, ok: true, says: `online since ${linkSince}` }
  const { why = 'no reason is known', fix = '' } = sources.find(({ id }) => id === uplinkSource) ?? {}
  return { name, ok: false, says: `offline since ${linkSince}: ${why}`, fix }
}

/** A source that fails is a problem; one that is not switched on is a choice, and the fix is advice. */
function sourceFindings({ status }: Note): Finding[] {
  const sources = status.sources.filter(({ id }) => !isOfAgent(id))
  const watched = sources.filter(({ state }) => state === 'ok')
  const silent = status.sources.filter(({ id, state }) => id !== uplinkSource && state !== 'ok')
  return [
    { name: 'sources', ok: true, says: `${watched.length} of ${sources.length} are watched` },
    ...silent.map(({ id, state, why = '', fix = '' }) => ({
      name: `source:${id}`,
      ok: state !== 'failed',
      says: why,
      fix,
    })),
  ]
}
