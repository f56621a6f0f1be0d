import { expect, test } from 'vitest'
import { beginCut } from '../cut.ts'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { objects } from './cut.ts'

/** Fields as log(1) prints them and macOS documents them; no log of a real Mac in this form was found to be used. */
const entry = (fields: object) => ({
  traceID: 4547388110811955,
  eventMessage: 'hello world',
  eventType: 'logEvent',
  source: null,
  formatString: '%{public}@',
  activityIdentifier: 0,
  subsystem: 'com.apple.bluetooth',
  category: 'Server.LE.Scan',
  threadID: 11537025,
  senderImageUUID: '005E8C96-40B6-35E3-B58B-888A5F5957C2',
  bootUUID: '1F0E6C80-41B2-4E7C-9B0B-0A0A0A0A0A0A',
  processImagePath: '/usr/sbin/bluetoothd',
  senderImagePath: '/usr/sbin/bluetoothd',
  timestamp: '2026-06-29 15:54:42.063082+0200',
  machTimestamp: 12868010147176,
  messageType: 'Error',
  processImageUUID: '4F6F0B24-7A18-3AF9-853F-8F72F6C7D7C7',
  processID: 401,
  senderProgramCounter: 7787736,
  parentActivityIdentifier: 0,
  userID: 205,
  timezoneName: '',
  ...fields,
})
const screen = entry({
  processImagePath: '/System/Library/CoreServices/RemoteManagement/screensharingd.bundle/Contents/MacOS/screensharingd',
  eventMessage: 'Authentication: FAILED :: User Name: ana :: Viewer Address: 192.0.2.44 :: Type: DH',
})
const sudo = entry({
  processImagePath: '/usr/bin/sudo',
  eventMessage: '     ana : TTY=ttys001 ; PWD=/Users/ana ; USER=root ; COMMAND=/usr/bin/id',
})
const printed = { count: 3, finished: 1 }

const unified = decoderById('macos-unified-log')
const ndjson = `${[entry({}), screen, sudo, printed].map((one) => JSON.stringify(one)).join('\n')}\n`
const json = `[${[entry({}), screen, sudo].map((one) => JSON.stringify(one, null, 2)).join(',')}]\n`

function eventsOfText(text: string) {
  const bytes = Buffer.from(text)
  const records: Buffer[] = []
  const cut = beginCut(objects)
  let at = 0
  for (let piece = cut(bytes, at); piece !== undefined; piece = cut(bytes, at)) {
    records.push(bytes.subarray(at, piece.end))
    at = piece.next
  }
  return eventsOf(unified, at < bytes.length ? [...records, bytes.subarray(at)] : records)
}

test('an entry has its time, process, user, level and subsystem', () => {
  expect(eventsOfText(ndjson)[0]).toMatchObject({
    '@timestamp': '2026-06-29T13:54:42.063082Z',
    event: { dataset: 'macos-unified-log', original: JSON.stringify(entry({})) },
    message: 'hello world',
    process: { pid: 401, name: 'bluetoothd', executable: '/usr/sbin/bluetoothd', thread: { id: 11537025 } },
    user: { id: '205' },
    log: { level: 'error' },
    tidewaiter: { unified_log: { subsystem: 'com.apple.bluetooth', category: 'Server.LE.Scan', type: 'logEvent' } },
  })
})

test('what programs say means the same as in syslog', () => {
  const [, seen, raised] = eventsOfText(ndjson)

  expect(seen).toMatchObject({
    event: { dataset: 'screensharing', action: 'sign-in', outcome: 'failure' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.44' },
  })
  expect(raised).toMatchObject({ event: { dataset: 'sudo' } })
})

test('a list over many lines holds the same entries as lines do', () => {
  const withoutText = (text: string) =>
    eventsOfText(text)
      .slice(0, 3)
      .map(({ event: { original, ...event }, ...rest }) => ({ ...rest, event }))

  expect(withoutText(json)).toEqual(withoutText(ndjson))
  expect(eventsOfText(json)).toHaveLength(3)
})

test('the last line says how many entries were printed', () => {
  expect(eventsOfText(ndjson).at(-1)).toMatchObject({
    event: { action: 'log-printed' },
    message: '3 entries were printed',
  })
})

test('entries that the system lost are told', () => {
  expect(eventsOfText(`${JSON.stringify(entry({ eventType: 'lossEvent' }))}\n`)).toMatchObject([
    { event: { action: 'log-entries-lost', outcome: 'failure' } },
  ])
})

test('a torn entry is told, and those behind it are read', () => {
  const torn = `${JSON.stringify(entry({})).slice(0, 300)}\n${ndjson}`

  expect(eventsOfText(torn).map(({ error }) => error !== undefined)).toEqual([true, false, false, false, false])
})

test('a log is told by its content, with and without what stands before it', () => {
  for (const text of [ndjson, json, `Filtering the log data using "process == \\"sshd\\""\n${ndjson}`])
    expect(decoderByContent(Buffer.from(text)).id).toBe('macos-unified-log')
  expect(decoderByContent(Buffer.from('{"timestamp":"2026-06-29 15:54:42","eventMessage":"x"}\n')).id).not.toBe(
    'macos-unified-log',
  )
})
