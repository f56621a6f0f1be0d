import type { Accuracy } from '../accuracy.fixture.ts'
import { databaseBytes, rowEvents, withSqlite } from '../database.fixture.ts'
import type { Event } from '../decoder.ts'

const sample = 'macos/sqlite__quarantine.db'
const query = `select strftime('%Y-%m-%dT%H:%M:%S', cast(LSQuarantineTimeStamp + 978307200 as integer), 'unixepoch') at, LSQuarantineAgentName agent,
  LSQuarantineDataURLString url, LSQuarantineOriginURLString origin from LSQuarantineEvent order by rowid`

export function sampleEvents(): Event[] {
  return rowEvents(databaseBytes(sample))
}

/** Rows of the sample, each with its time, program and addresses as SQLite answers them. */
export function quarantineAccuracy(): Accuracy {
  const expected = withSqlite(databaseBytes(sample), ({ ask }) => ask(query)).map(({ at, agent, url, origin }) =>
    [at, agent, url ?? '', origin ?? ''].join(' | '),
  )
  const found = sampleEvents().map((event) => {
    // Our own fields, as the decoder gives them.
    const { process, file } = event as { process?: { name: string }; file?: Record<string, string> }
    const at = event['@timestamp']?.slice(0, 19)
    return [at, process?.name, file?.origin_url ?? '', file?.origin_referrer_url ?? ''].join(' | ')
  })
  const right = expected.filter((text, i) => text === found[i]).length
  const missed = Math.max(0, expected.length - found.length)
  return { records: expected.length, right, wrong: found.length - right, missed }
}
