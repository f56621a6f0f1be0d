import type { Host } from '../../host.ts'
import type { Collector } from '../collector.ts'
import { type LastingTable, lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { aboutOf } from '../system-file.ts'
import { newCapabilityReader } from './capabilities.ts'
import { localVolumes } from './volumes.ts'
import { type Found, newPace, type Walked, walk } from './walk.ts'

/** After so much time spent with it no more files are hashed in this pass; the next one finds those before it done. */
const hashingMs = 60_000
/** Anybody may make setuid files of their own: many of one account leave room for those of others. */
const most = { rows: 20_000, ofOwner: 2_000 }
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
    const pace = newPace(host, signal, { isAlone: from.once !== undefined })
    const capabilities = newCapabilityReader(host, signal)
    const list = newList(host, table)
    const { volumes, mounted } = localVolumes(host)
    for (const { at, type } of volumes) {
      const walked: Walked = { files: 0, folders: 0, cut: 0, why: undefined }
      for await (const found of walk(host, at, { mounted, pace, walked })) {
        if ((found.facts.mode & setid) !== 0) await list.add(found)
        if ((found.facts.mode & 0o111) !== 0) await addCapable(host, list, await capabilities.ask(found.path))
      }
      await addCapable(host, list, await capabilities.rest())
      if (signal.aborted) return
      const { why, ...counts } = walked
      table.add({ kind: 'walk', path: at }, { type, ...(why !== undefined && { why }) }, counts)
    }
    list.sayLeftOut()
    const unread = capabilities.unread()
    if (unread !== undefined)
      table.add({ kind: 'not-looked', command: 'getcap' }, { why: unread.why }, { files: unread.files })
    yield* handOver('suid', [table], { from, readAt })
  },
}

interface Given extends Found {
  capabilities?: string
}

/** Rows of files, as many as anybody reads. */
interface List {
  add(file: Given): Promise<void>
  /** Of more files than that there is a row for each owner. */
  sayLeftOut(): void
}

function newList(host: Host, table: LastingTable): List {
  const ofOwner = new Map<number, number>()
  const hasher = newHasher(host)
  return {
    async add({ path, facts, capabilities }) {
      const count = (ofOwner.get(facts.uid) ?? 0) + 1
      ofOwner.set(facts.uid, count)
      if (count > most.ofOwner || table.rows.size >= most.rows) return
      const hash = await hasher(path)
      const digest = 'why' in hash ? { sha256Why: hash.why } : hash
      const given = capabilities === undefined ? {} : { capabilities }
      const identity = { kind: capabilities === undefined ? 'setid-file' : 'capable-file', path }
      table.add(identity, { ...aboutOf(facts), ...given, ...digest })
    },
    sayLeftOut() {
      const why = `of more than ${most.ofOwner} files of one account, or ${most.rows} in all, the first are told`
      const isFull = table.rows.size >= most.rows
      for (const [uid, files] of ofOwner)
        if (files > most.ofOwner || isFull) table.add({ kind: 'not-looked', uid }, { why }, { files })
    },
  }
}

type Hasher = Host['hashFile']

function newHasher(host: Host): Hasher {
  let spentMs = 0
  return async (path) => {
    if (spentMs > hashingMs) return { why: 'not hashed yet' }
    const startedAt = host.steady()
    const hash = await host.hashFile(path)
    spentMs += host.steady() - startedAt
    return hash
  }
}

async function addCapable(
  host: Host,
  list: List,
  said: readonly [path: string, capabilities: string][],
): Promise<void> {
  for (const [path, capabilities] of said) {
    const facts = await host.facts(path)
    if (facts?.kind === 'file') await list.add({ path, facts, capabilities })
  }
}
