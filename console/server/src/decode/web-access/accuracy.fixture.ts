import type { Accuracy } from '../accuracy.fixture.ts'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { pathOf, truthOf } from '../shared-data.fixture.ts'

/** A large answer as it was counted in the log by others. */
interface Answer {
  line: number
  ip: string
  url: string
  bytes: number
  status: string
}

/** Every line of a site's log is a request; those with a large answer have the address, path, size and status that were counted. */
export async function requestAccuracy(): Promise<Accuracy> {
  const { lines, responses_over_10MB: large } = truthOf('weblog') as { lines: number; responses_over_10MB: Answer[] }
  const events = await Array.fromAsync(decodeFile(pathOf('weblog/elastic_apache_17-18May2015.log')))
  const requests = events.filter(({ event }) => event.dataset === 'web-access').length
  const wrong = large.filter((answer) => !isTold(events[answer.line - 1], answer)).length
  return { records: lines, right: requests - wrong, wrong, missed: lines - requests }
}

function isTold(event: Event | undefined, { ip, url, bytes, status }: Answer): boolean {
  const { source, url: asked, http } = (event ?? {}) as Readonly<Record<string, unknown>>
  const response = (http as { response?: { status_code?: number; body?: { bytes?: number } } } | undefined)?.response
  return (
    (source as { ip?: string } | undefined)?.ip === ip &&
    (asked as { original?: string } | undefined)?.original === url &&
    response?.body?.bytes === bytes &&
    String(response.status_code) === status
  )
}
