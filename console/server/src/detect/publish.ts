import type { Store } from '../store/store.ts'
import type { FindingTable } from '../store/tables.ts'
import { type Detector, mostRecords, type Verdict } from './detector.ts'
import { type Episode, episodesOf, judgeEpisode, type Noted } from './episodes.ts'
import { newFindingId, type Published, sharesOf } from './match.ts'
import { applyChange, type Change, publishedOf } from './published.ts'
import { countedIn, type Judged, notedOf } from './tallies.ts'

export interface PublishOptions {
  detector: Detector
  hostName: string
  /** Ids of the records at these places. */
  recordIds(places: readonly string[]): Promise<string[]>
  /** RFC 3339. */
  at: string
}

/**
 * Brings the findings of a subject in line with what is counted of it now, as far as the window reaches. True when that
 * changed any of them.
 */
export async function publish(
  tx: Store,
  { window, subject }: { window: Judged; subject: string },
  options: PublishOptions,
): Promise<boolean> {
  const { quietMs } = options.detector
  const episodes = episodesOf(await notedOf(tx, window, subject), quietMs)
  const published = await publishedOf(tx, window, subject)
  const shares = sharesOf(episodes, published)
  const isTaken = (id: string) => published.some((finding) => finding.id === id)
  const change: Change = { set: [], drop: [], withdraw: [...(shares.get(undefined) ?? [])] }
  for (const episode of reachedBy(window, episodes, quietMs)) {
    const own = shares.get(episode) ?? []
    const windows = await countedIn(tx, window, { subject, windows: episode.windows })
    const verdict = judgeEpisode(options.detector, windows, options.hostName)
    if (verdict === undefined) change.withdraw.push(...own)
    else {
      const [kept, ...merged] = own
      const id = kept?.id ?? newFindingId({ ...window, subject, fromMs: episode.fromMs }, isTaken)
      const records = await options.recordIds(verdict.places.slice(0, mostRecords))
      change.set.push({ row: toRow(verdict, { id, records, kept, merged, window }, options), kept })
      change.drop.push(...merged)
    }
  }
  return applyChange(tx, change)
}

interface Made {
  id: string
  records: readonly string[]
  kept: Published | undefined
  /** Findings that the episode holds too. */
  merged: readonly Published[]
  window: Judged
}

function toRow(
  verdict: Verdict,
  { id, records, kept, merged, window }: Made,
  { detector, at }: PublishOptions,
): FindingTable {
  const { severity, title, subject, firstMs, lastMs, count, why } = verdict
  const aliases = new Set([kept?.aliases ?? [], ...merged.map((other) => [other.id, ...other.aliases])].flat())
  aliases.delete(id)
  return {
    id,
    detector: detector.id,
    row: detector.row ?? null,
    host: window.host,
    severity,
    title,
    subject_type: subject.type,
    subject_value: subject.value,
    first_at: new Date(firstMs).toISOString(),
    last_at: new Date(lastMs).toISOString(),
    count,
    records: JSON.stringify(records),
    why: JSON.stringify(why),
    aliases: JSON.stringify([...aliases]),
    ...decisionOf(kept, merged),
    found_at: kept?.found_at ?? at,
  }
}

type DecisionColumns = Pick<FindingTable, 'verdict' | 'decided_by' | 'decided_at' | 'reason'>

/** A decision stays with the finding. One that nobody decided on takes over that a part of it was confirmed, and no other. */
function decisionOf(kept: Published | undefined, merged: readonly Published[]): DecisionColumns {
  const decided = kept?.row !== undefined && kept.row.verdict !== 'open'
  const row = decided ? kept.row : merged.find((other) => other.row?.verdict === 'confirmed')?.row
  return {
    verdict: row?.verdict ?? 'open',
    decided_by: row?.decided_by ?? null,
    decided_at: row?.decided_at ?? null,
    reason: row?.reason ?? null,
  }
}

/** Episodes that the window can have changed: it lies in them or near them, or they follow such a one closely. */
function reachedBy<E extends Episode<Noted>>(window: Judged, episodes: readonly E[], quietMs: number): E[] {
  const reached: E[] = []
  for (const episode of episodes) {
    const near = episode.fromMs - window.toMs <= quietMs && window.fromMs - episode.toMs <= quietMs
    const last = reached.at(-1)
    if (near || (last !== undefined && episode.fromMs - last.toMs <= quietMs)) reached.push(episode)
  }
  return reached
}
