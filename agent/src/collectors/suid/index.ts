import type { Host } from '../../host.ts'
import type { Collector } from '../collector.ts'
import { type LastingTable, lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { aboutOf } from '../system-file.ts'
import { newCapabilityReader } from './capabilities.ts'
import { localVolumes } from './volumes.ts'
import { type Found, newPace, type Walked, walk } from './walk.ts'

/** After so long no more files are hashed in this pass. */
const hashingMs = 60_000
const mostRows = 20_000
const setid = 0o6000

export const privilegedFiles: Collector = {
  id: 'suid',
  resource: 'Operating System files',
  platforms: ['linux'],
  ...lastingEvery,
  mayTakeMs: 30 * 60_000,
  reads:
    'Files that give whoever runs them the rights of somebody else: setuid and setgid programs, and those with capabilities, on every volume of this machine, with owner, permissions, times and SHA-256. The volumes are walked at 4,000 names a second at most, for 20 minutes at most; of each a row says how far.',
  needs: 'Run the agent as root. For capabilities: `apt-get install libcap2-bin` (getcap).',
  cannotSee:
    'Volumes of the network, layers of containers that are mounted, what lies under a mount, names beyond the first 10,000 of one folder, names that are no UTF-8, and capabilities of files that nobody may execute.',
  provenOn: 'Debian 12, live at every change.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const table = newLastingTable('walk')
    const pace = newPace(host, signal)
    const capabilities = newCapabilityReader(host, signal)
    const hashUntilMs = host.steady() + hashingMs
    const { volumes, mounted } = localVolumes(host)
    for (const { at, type } of volumes) {
      const walked: Walked = { files: 0, folders: 0, cut: 0, why: undefined }
      for await (const found of walk(host, at, { mounted, pace, walked })) {
        if ((found.facts.mode & setid) !== 0) await addFile(host, table, found, hashUntilMs)
        if ((found.facts.mode & 0o111) !== 0)
          await addCapable(host, table, await capabilities.ask(found.path), hashUntilMs)
      }
      await addCapable(host, table, await capabilities.rest(), hashUntilMs)
      if (signal.aborted) return
      const { why, ...counts } = walked
      table.add({ kind: 'walk', path: at }, { type, ...(why !== undefined && { why }) }, counts)
    }
    const unread = capabilities.unread()
    if (unread !== undefined)
      table.add({ kind: 'not-looked', command: 'getcap' }, { why: unread.why }, { files: unread.files })
    yield* handOver('suid', [table], { from, readAt })
  },
}

interface Given extends Found {
  capabilities?: string
}

async function addFile(
  host: Host,
  table: LastingTable,
  { path, facts, capabilities }: Given,
  hashUntilMs: number,
): Promise<void> {
  if (table.rows.size >= mostRows) return
  const hash = host.steady() < hashUntilMs ? await host.hashFile(path) : { why: 'not hashed yet' }
  const digest = 'why' in hash ? { sha256Why: hash.why } : hash
  const given = capabilities === undefined ? {} : { capabilities }
  const identity = { kind: capabilities === undefined ? 'setid-file' : 'capable-file', path }
  table.add(identity, { ...aboutOf(facts), ...given, ...digest })
}

async function addCapable(
  host: Host,
  table: LastingTable,
  said: readonly [path: string, capabilities: string][],
  hashUntilMs: number,
): Promise<void> {
  for (const [path, capabilities] of said) {
    const facts = await host.facts(path)
    if (facts?.kind === 'file') await addFile(host, table, { path, facts, capabilities }, hashUntilMs)
  }
}
