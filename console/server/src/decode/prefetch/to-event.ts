import { damagedEvent } from '../damaged-event.ts'
import type { DecodeRecord, Event } from '../decoder.ts'
import type { Prefetch, Volume } from './read.ts'

export const dataset = 'prefetch'

/**
 * One event for each time the program was started, the newest first. What the file knows beside the times stands in the
 * first of them: Windows writes it over with each start, so that it is the one of the newest.
 */
export function toEvents(record: DecodeRecord, prefetch: Prefetch): Event[] {
  const times = prefetch.runs.length === 0 ? [undefined] : prefetch.runs
  const events = times.map((at, i) => runEvent(record, prefetch, { at, i }))
  addFiles(events[0], prefetch)
  return [...events, ...prefetch.damages.map((damage) => damagedEvent(record, dataset, damage))]
}

function runEvent(record: DecodeRecord, prefetch: Prefetch, { at, i }: { at: string | undefined; i: number }): Event {
  const { version, hash, name, runCount, volumes } = prefetch
  const event: Event = {
    event: { kind: 'event', dataset, category: ['process'], type: ['start'], action: 'process-started' },
    message: `${name} was started${at === undefined ? ', at a time that is not told' : ''} (${ordinal(i)} of ${runCount} times)`,
    process: { name, ...executableOf(prefetch) },
    tidewaiter: {
      record: record.id,
      prefetch: { version, hash, run_count: runCount, run: i + 1, volumes: volumes.map(volumeFields) },
    },
  }
  if (at !== undefined) event['@timestamp'] = at
  return event
}

function ordinal(i: number): string {
  return i === 0 ? 'the newest' : `the newest but ${i}`
}

function volumeFields({ path, serial, createdAt }: Volume): object {
  return { path, serial_number: serial, ...(createdAt !== undefined && { created: createdAt }) }
}

/**
 * The file it opened that has its name, where there is one such file. The name is cut at 29 characters, and the drive's
 * letter is not told.
 */
function executableOf({ name, files }: Prefetch): { executable?: string } {
  const named = files.filter((file) => {
    const base = file.slice(file.lastIndexOf('\\') + 1)
    return base === name || (name.length === 29 && base.startsWith(name))
  })
  return named.length === 1 && named[0] !== undefined ? { executable: named[0] } : {}
}

/** Below the folder of Windows but for what anyone may write to, and files of NTFS itself such as `$MFT`. */
const own = /^(\\[^\\]+){1,2}\\WINDOWS\\(?!TEMP\\)|\\\$[^\\]*$/

/** All that it opened, and apart those outside the folder of Windows: they are few, and what is to be found is there. */
function addFiles(event: Event | undefined, { files }: Prefetch): void {
  if (event === undefined || files.length === 0) return
  Object.assign(event.tidewaiter.prefetch as object, { files })
  const foreign = files.filter((file) => !own.test(file))
  if (foreign.length > 0) event.file = { path: foreign }
}
