import type { Accuracy } from '../accuracy.fixture.ts'
import type { Event } from '../decoder.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { bytesOf, truthOf } from '../shared-data.fixture.ts'
import { prefetch } from './index.ts'

/** What sccainfo reads in a file; `sccainfo` where it refuses it. Last run times only where there are eight. */
interface FileTruth {
  sccainfo?: string
  format_version: number
  hash: string
  executable: string
  run_count: number
  last_runs: readonly string[]
  filenames: number
  first_filename: string
  device_paths: readonly string[]
  serials: readonly string[]
}

export function sampleEvents(name: string): Event[] {
  return eventsOf(prefetch, [bytesOf(`windows_prefetch/${name}`)])
}

/** Files that sccainfo reads, each with the values it gives; apart those that it refuses. */
export function samples(): { read: [string, FileTruth][]; refused: string[] } {
  const files: [string, FileTruth][] = Object.entries(truthOf('windows_prefetch').files)
  return {
    read: files.filter(([, { sccainfo }]) => sccainfo === undefined),
    refused: files.filter(([, { sccainfo }]) => sccainfo === 'refused').map(([name]) => name),
  }
}

/** Values of all files that sccainfo reads. */
export function prefetchAccuracy(): Accuracy {
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const [name, truth] of samples().read) {
    const found = valuesOf(sampleEvents(name))
    for (const [field, expected] of Object.entries(expectedOf(truth))) {
      sum.records += 1
      if (found[field] === undefined) sum.missed += 1
      else if (JSON.stringify(found[field]) === JSON.stringify(expected)) sum.right += 1
      else sum.wrong += 1
    }
  }
  return sum
}

function expectedOf(truth: FileTruth): Record<string, unknown> {
  return {
    version: truth.format_version,
    hash: truth.hash.slice(2).toUpperCase(),
    name: truth.executable,
    runCount: truth.run_count,
    files: truth.filenames,
    firstFile: truth.first_filename,
    paths: truth.device_paths,
    serials: truth.serials.map((serial) => serial.slice(2)),
    ...(truth.last_runs.length > 0 && { runs: truth.last_runs.filter((at) => !at.startsWith('Not')).map(toRfc3339) }),
  }
}

function valuesOf(events: readonly Event[]): Record<string, unknown> {
  const [first] = events
  const { version, hash, run_count, files, volumes } = (first?.tidewaiter.prefetch ?? {}) as Record<string, unknown>
  const named = (files ?? []) as string[]
  const all = (volumes ?? []) as { path: string; serial_number: string }[]
  return {
    version,
    hash,
    name: (first?.process as { name?: string } | undefined)?.name,
    runCount: run_count,
    files: named.length,
    firstFile: named[0],
    paths: all.map(({ path }) => path),
    serials: all.map(({ serial_number }) => serial_number),
    runs: events.map((event) => event['@timestamp']),
  }
}

/** `Jan 13, 2016 17:00:24.936044900 UTC`; the last two of nine digits are none of a FILETIME. */
function toRfc3339(text: string): string {
  const [, date = '', clock = '', ticks = ''] = /^(.*) (\S+)\.(\d{7})00 UTC$/.exec(text) ?? []
  return `${new Date(`${date} ${clock} UTC`).toISOString().slice(0, 19)}.${ticks}Z`
}
