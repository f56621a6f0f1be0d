import { whole } from '../cut.ts'
import { readOr } from '../damaged.ts'
import { damagedEvent } from '../damaged-event.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { toText } from '../text.ts'
import { account } from './account.ts'
import { backgroundItems } from './background-items.ts'
import { isBinary, readBinary } from './binary.ts'
import { dataset, listEvent, type Meaning } from './event.ts'
import { installHistory } from './installed.ts'
import { launchdJob } from './launchd.ts'
import { emondRules, loginItems, loginWindow } from './login.ts'
import { safariDownloads, safariHistory } from './safari.ts'
import type { Plist } from './value.ts'
import { isWritten, readWritten } from './written.ts'

/** The first that knows a list tells what it means. */
const meanings: readonly Meaning[] = [
  launchdJob,
  loginItems,
  backgroundItems,
  loginWindow,
  emondRules,
  installHistory,
  safariDownloads,
  safariHistory,
  account,
]

/** A declaration, a document type and comments are before it. */
const mostBefore = 8192

/** Property lists of macOS, binary and in XML: what starts by itself, what was installed, and other settings. */
export const plist: Decoder = {
  id: dataset,
  title: 'Property list (macOS: launchd jobs, login items, installations, Safari)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => isBinary(sample) || isWritten(toText(sample.subarray(0, mostBefore))),
  cut: whole,
  start: () => ({ push: eventsOf, end: () => [], state: () => undefined }),
}

function eventsOf(record: DecodeRecord): Event[] {
  return readOr(
    () => {
      const { root, damages } = read(record.bytes)
      const events = meanings.reduce<Event[] | undefined>((found, meaning) => found ?? meaning(root, record), undefined)
      return [
        ...(events ?? [listEvent(record, root)]),
        ...damages.map(({ damage }) => damagedEvent(record, dataset, damage)),
      ]
    },
    (damage) => [damagedEvent(record, dataset, damage)],
  )
}

function read(bytes: Uint8Array): Plist {
  return isBinary(bytes) ? readBinary(bytes) : readWritten(toText(bytes))
}
