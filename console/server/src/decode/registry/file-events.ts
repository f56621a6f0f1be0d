import { damagedEvent } from '../damaged-event.ts'
import type { DecodeContext, DecodeRecord, Event } from '../decoder.ts'
import { baseBlockBytes, lostBaseBlock, readBaseBlock } from './base-block.ts'
import { binBytesAt } from './cut.ts'
import { type Hive, hiveOf, isDamage } from './hive.ts'
import { type Counts, hiveEvents } from './hive-events.ts'
import { type KeyNode, keyFlag, keyNodeAt } from './key-node.ts'
import { logEvents } from './log-events.ts'
import { mountOf } from './mount.ts'
import type { Pieces } from './pieces.ts'
import { type Recovered, recover } from './recover.ts'
import { newOwners } from './security.ts'
import { dataset, eventAt, profileOf, type Told } from './told.ts'

/** Events of a hive, with the logs that lay beside it, or of a log alone. */
export function* fileEvents(pieces: Pieces, first: DecodeRecord, { beside = [] }: DecodeContext): Generator<Event> {
  const bytes = pieces.joined()
  const base = readBaseBlock(bytes) ?? (binBytesAt(bytes, baseBlockBytes) ? lostBaseBlock(bytes) : undefined)
  if (base === undefined) {
    yield damagedEvent(first, dataset, { code: 'format-unknown', says: 'This does not begin as a registry hive does.' })
    return
  }
  if (pieces.isFull())
    yield damagedEvent(first, dataset, {
      code: 'too-large',
      says: 'This file is longer than is read: its end is left out.',
    })
  if (base.is === 'old log' || base.is === 'new log') yield* logEvents(bytes, base, pieces.recordAt)
  else yield* recoveredEvents(recover(bytes, base, beside), pieces, first)
}

function* recoveredEvents(recovered: Recovered, pieces: Pieces, first: DecodeRecord): Generator<Event> {
  const { base, bytes } = recovered
  const hive = hiveOf(bytes, base)
  const root = rootOf(hive, base.root)
  const told = toldOf(recovered, { hive, root, pieces })
  const counts: Counts = { keys: 0, values: 0, deleted: 0, damaged: 0 }
  if (root === undefined)
    yield damagedEvent(first, dataset, { code: 'place-impossible', says: 'The root key of the hive is not there.' })
  else yield* hiveEvents(hive, told, { root, counts })
  if (hive.work < 0)
    yield damagedEvent(first, dataset, {
      code: 'too-many',
      says: 'The same cells are named over and over: this hive was made to take long, and is not read to its end.',
    })
  yield hiveEvent(recovered, told, counts)
}

/** The root is told by the base block; where that is damaged, it is the first key that says so of itself. */
function rootOf(hive: Hive, offset: number): KeyNode | undefined {
  const root = keyNodeAt(hive, offset)
  if (!isDamage(root)) return root
  for (let at = hive.bytes.indexOf('nk'); at >= 0; at = hive.bytes.indexOf('nk', at + 1)) {
    // The file may end within it.
    if (at % 8 !== 4 || at + 4 > hive.bytes.length) continue
    if (!(hive.data.getUint16(at + 2, true) & keyFlag.root)) continue
    const node = keyNodeAt(hive, at - 4 - baseBlockBytes)
    if (!isDamage(node)) return node
  }
  return undefined
}

function toldOf(
  { base, wasDirty, applied, sectors }: Recovered,
  { hive, root, pieces }: { hive: Hive; root: KeyNode | undefined; pieces: Pieces },
): Told {
  const mount = root === undefined ? { hive: 'unknown', root: [] } : mountOf(hive, root)
  const profile = mount.root[0] === 'HKCU' ? profileOf(base.fileName) : undefined
  return {
    mount,
    hive: {
      name: mount.hive,
      ...(base.fileName !== '' && { file: base.fileName }),
      was_dirty: wasDirty,
      writes_recovered: applied.length,
    },
    ...(profile !== undefined && { user: { name: profile } }),
    recordAt: pieces.recordAt,
    sectors,
    ownerOf: newOwners(hive),
  }
}

/** What the hive is as a whole, and what of it was read. */
function hiveEvent({ base, wasDirty, applied, remarks }: Recovered, told: Told, counts: Counts): Event {
  const event = eventAt(told, 0)
  const { keys, values, deleted } = counts
  event.event.action = 'hive-read'
  const state = !wasDirty
    ? 'it is clean'
    : applied.length > 0
      ? `its last write was not ended, and ${applied.length} writes were taken from its logs`
      : 'its last write was not ended, and no log was applied: what is in the logs alone is not here'
  event.message = `Hive ${told.mount.hive} (${base.fileName}): ${keys} keys, ${values} values, ${deleted} deleted; ${state}.`
  if (base.writtenAt !== undefined) {
    event['@timestamp'] = base.writtenAt
    event.tidewaiter.time_is = 'hive last written'
  }
  if (wasDirty && applied.length === 0)
    event.error = { code: 'log-missing', message: 'The logs of a dirty hive are missing.' }
  event.tidewaiter.hive_read = {
    version: base.version,
    sequence: [base.primary, base.secondary],
    ...counts,
    is_checksum_right: base.isChecksumRight,
    logs: applied.map(({ log, sequence, pages }) => `${log}: write ${sequence}, ${pages} pages`).slice(0, 100),
    remarks: remarks.slice(0, 20),
  }
  return event
}
