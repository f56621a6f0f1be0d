import type { AgentMessage, Offer, Policy } from '@tidewaiter/protocol'
import { spoolBytesOf } from '../caps.ts'
import type { DataFolder } from '../data-folder.ts'
import type { Host } from '../host.ts'
import type { OwnRecords } from '../own-records.ts'
import { besideSetAside } from '../set-aside.ts'
import type { Spool } from '../spool/spool.ts'
import { spareOn } from '../spool/volume.ts'
import { newRunning, type Running } from './running.ts'
import { type ArtifactStore, openArtifacts } from './store.ts'
import type { Progress } from './work.ts'

/** What tasks that acquire and the uplink that ships share. */
export interface Desk {
  artifacts: ArtifactStore
  running: Running
  roomBytes(): number
  progress(done: Progress): void
  /** Has it sealed that an artifact which was announced will not arrive. */
  lost(offer: Offer, why: { code: string; says: string }): Promise<void>
  /** Under this policy from now on. */
  resize(policy: Policy): void
}

interface DeskOptions {
  host: Pick<Host, 'space' | 'steady'>
  folder: DataFolder
  spool: Pick<Spool, 'setBudget'>
  own: OwnRecords
  link: { say?: ((message: AgentMessage) => void) | undefined }
  config: Policy
}

/** Artifacts may take so much of the spool's budget: batches come before them. */
const mostShare = 1 / 2
/** How far a task has come is said this often at most. */
const progressMs = 5_000

export function newDesk({ host, folder, spool, own, link, config }: DeskOptions): Desk {
  let spoolBytes = spoolBytesOf(config)
  let saidAt = Number.NEGATIVE_INFINITY
  const artifacts = openArtifacts(folder, () => spool.setBudget(besideSetAside(spoolBytes, folder)))
  return {
    artifacts,
    running: newRunning(),
    roomBytes: () => Math.min(spoolBytes * mostShare, artifacts.bytes() + spareOn(host.space(folder.path))),
    progress(done) {
      if (host.steady() - saidAt < progressMs) return
      saidAt = host.steady()
      link.say?.({ type: 'progress', ...done })
    },
    async lost({ task, sha256, size }, why) {
      await own.note('agent:artifact', 'artifact-lost', { task, sha256, size, ...why })
    },
    resize(policy) {
      spoolBytes = spoolBytesOf(policy)
    },
  }
}
