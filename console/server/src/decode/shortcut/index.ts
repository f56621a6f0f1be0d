import { whole } from '../cut.ts'
import { readOr } from '../damaged.ts'
import { damagedEvent } from '../damaged-event.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { structureOf } from '../structure.ts'
import { isAutomatic, isCustom, type JumpList, readAutomatic, readCustom } from './jump-list.ts'
import { linkSignature, readLink } from './link.ts'
import { dataset, toEvents } from './to-event.ts'

/** What somebody opened, from where and when: shortcuts (`*.lnk`), and jump lists, which are shortcuts with times of their own. */
export const shortcut: Decoder = {
  id: dataset,
  title: 'Windows shortcut and jump list (LNK, automaticDestinations, customDestinations)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => isShortcut(sample) || isAutomatic(sample) || isCustom(sample),
  cut: whole,
  start: () => ({ push: eventsOf, end: () => [], state: () => undefined }),
}

function isShortcut(sample: Uint8Array): boolean {
  return sample.length >= linkSignature.length && linkSignature.every((byte, i) => sample[i] === byte)
}

function eventsOf(record: DecodeRecord): Event[] {
  return readOr(
    () => {
      const { listed, damages } = readAll(record.bytes)
      const events = listed.flatMap((one) => toEvents(record, one))
      return [...events, ...damages.map((damage) => damagedEvent(record, dataset, damage))]
    },
    (damage) => [damagedEvent(record, dataset, damage)],
  )
}

function readAll(bytes: Uint8Array): JumpList {
  if (isAutomatic(bytes)) return readAutomatic(bytes)
  if (isCustom(bytes)) return readCustom(structureOf(bytes))
  return { listed: [{ link: readLink(structureOf(bytes), 0) }], damages: [] }
}
