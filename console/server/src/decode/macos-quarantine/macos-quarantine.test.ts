import { describe, expect, test } from 'vitest'
import { madeBySqlite, rowEvents } from '../database.fixture.ts'
import { isMissing, truthOf } from '../shared-data.fixture.ts'
import { quarantineAccuracy, sampleEvents } from './accuracy.fixture.ts'

describe.skipIf(isMissing('macos'))('a real database (shared data)', () => {
  test('every event is told with the program, the addresses and the time that SQLite reads', () => {
    expect(quarantineAccuracy()).toEqual({ records: 14, right: 14, wrong: 0, missed: 0 })
    const seen = sampleEvents().map(
      (event) => `${event['@timestamp']?.slice(0, 19)}Z ${(event.url as { original?: string })?.original}`,
    )
    for (const { utc, data_url } of truthOf('macos').files['sqlite__quarantine.db'].latest)
      expect(seen).toContain(`${utc} ${data_url}`)
  })
})

test('a file from a mail has its sender', () => {
  const { bytes } = madeBySqlite(
    `create table LSQuarantineEvent (LSQuarantineEventIdentifier text primary key not null, LSQuarantineTimeStamp real,
       LSQuarantineAgentName text, LSQuarantineSenderName text, LSQuarantineSenderAddress text);
     insert into LSQuarantineEvent values ('A', 700000000.25, 'Mail', 'Eve', 'eve@evil.example')`,
  )

  expect(rowEvents(bytes)).toMatchObject([
    {
      '@timestamp': '2023-03-08T20:26:40.250000Z',
      process: { name: 'Mail' },
      email: { from: { address: ['eve@evil.example'] } },
      tidewaiter: { quarantine: { id: 'A', sender_name: 'Eve' } },
    },
  ])
})
