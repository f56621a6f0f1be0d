import { describe, expect, test } from 'vitest'
import { cpuMs } from '../cpu.fixture.ts'
import { isExporterMissing } from '../esedbexport.fixture.ts'
import { recordOf } from '../recorded.fixture.ts'
import { isMissing, linesOf, truthOf } from '../shared-data.fixture.ts'
import { eventsOfFile, rowAccuracy, sample } from './accuracy.fixture.ts'
import { srum } from './index.ts'

const isAbsent = isMissing('windows_srum')

describe.skipIf(isAbsent)('the usage database of a machine with Windows 10 (shared data)', () => {
  const bytes = isAbsent ? Buffer.alloc(0) : sample()
  const events = eventsOfFile(bytes)
  const inTable = (table: string) =>
    events.filter(({ tidewaiter }) => (tidewaiter.srum as { table?: string } | undefined)?.table === table)

  test('each row of each table of a provider is an event', () => {
    const { tables } = truthOf('windows_srum').files['SRUDB.dat.gz']
    const counted = Object.entries<{ rows: number }>(tables).filter(([name]) => name.startsWith('{'))

    for (const [name, { rows }] of counted) expect([name, inTable(name).length]).toEqual([name, rows])
    expect(events.filter(({ error }) => error !== undefined)).toEqual([])
    expect(events).toHaveLength(6143)
  })

  test.skipIf(isExporterMissing)('every value of every row is the one that esedbexport reads', () => {
    const { differences, ...counted } = rowAccuracy()

    expect(differences).toEqual([])
    expect(counted).toEqual({ records: 94_247, right: 94_247, wrong: 0, missed: 0 })
  })

  test('notifications are those that the tests of go-ese expect', () => {
    const rows = linesOf('windows_srum/SRUM-D10CA2FE-6FCF-4F6D-848E-B2E99266FA86.golden').filter((line) => line !== '')
    const found = inTable('{D10CA2FE-6FCF-4F6D-848E-B2E99266FA86}')

    for (const [i, row] of rows.entries()) {
      const { AutoIncId, TimeStamp, AppId, UserId, ...values } = JSON.parse(row)
      expect([AppId, UserId]).toEqual([expect.any(Number), expect.any(Number)])
      expect(found[i]).toMatchObject({ '@timestamp': TimeStamp, tidewaiter: { srum: { row: AutoIncId, values } } })
    }
    expect(rows.length).toBeGreaterThan(0)
  })

  test('bytes sent and received are those of a program or service, of an account, up to a time', () => {
    expect(inTable('{973F5D5C-1D90-4944-BE8E-24B94231A174}')[1]).toMatchObject({
      '@timestamp': '2021-10-07T08:54:00Z',
      event: { kind: 'metric', category: ['network'], type: ['info'], action: 'network-usage' },
      message: 'LicenseManager used the network: 276118 bytes sent, 515572 received',
      source: { bytes: 276_118 },
      destination: { bytes: 515_572 },
      network: { bytes: 791_690 },
      service: { name: 'LicenseManager' },
      user: { id: 'S-1-5-19' },
      tidewaiter: { interface: 'ethernet' },
    })
  })

  test('a program is known by its path, and the service it ran by its name', () => {
    const named = events.filter(({ process }) =>
      /svchost\.exe$/.test((process as { executable?: string })?.executable ?? ''),
    )

    expect(named[0]).toMatchObject({
      process: { name: 'svchost.exe', executable: '\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe' },
      service: { name: expect.stringMatching(/^\w+$/) },
    })
  })

  test('how long a network was connected has its beginning and its length', () => {
    expect(inTable('{DD6636C4-8929-4683-974E-22C046A43763}')[0]?.event).toMatchObject({
      action: 'network-connectivity',
      start: '2021-10-07T07:54:15.6499330Z',
      duration: 3_644_000_000_000,
    })
  })

  test('an event names the pages of its row, of its program and of its account', () => {
    const [event] = inTable('{973F5D5C-1D90-4944-BE8E-24B94231A174}')

    expect(event?.tidewaiter).toMatchObject({ record: 'f:405504', records: ['f:405504', 'f:249856', 'f:143360'] })
  })

  test('room of a row that was never written is no value', () => {
    expect(JSON.stringify(inTable('{5C8CF1C7-7257-4F13-B223-970EF5939312}')[0])).not.toMatch(
      /707406378|3038287259199220266/,
    )
  })

  test('it is known by what it holds, and other databases of the same engine are not taken for it', () => {
    const other = Buffer.from(bytes.toString('latin1').replaceAll('SruDbIdMapTable', 'SomethingBeside'), 'latin1')

    expect(srum.detects(bytes.subarray(0, 65_536))).toBe(true)
    expect(srum.detects(other.subarray(0, 65_536))).toBe(false)
  })

  test('a database that was in use is read, and said to be incomplete', () => {
    const open = Buffer.from(bytes)
    open.writeUInt32LE(2, 52)

    expect(eventsOfFile(open)[0]).toMatchObject({
      error: { code: 'ends-early', message: expect.stringMatching(/in use/) },
    })
    expect(eventsOfFile(open)).toHaveLength(6144)
  })

  test('of a database that is cut off, what is there is read and missing pages are named', () => {
    const some = eventsOfFile(bytes.subarray(0, 1_000_001))

    expect(some.filter(({ error }) => error === undefined).length).toBeGreaterThan(800)
    expect(some.filter(({ error }) => error?.code === 'ends-early').length).toBeGreaterThan(1)
  })

  test('any bytes changed anywhere give events, in the time the length takes', () => {
    const startedAt = cpuMs()
    for (let round = 0; round < 20; round++) {
      const changed = Buffer.from(bytes.subarray(0, 1_048_576))
      // The head is left: without it nothing is read.
      for (let at = 8192 + round; at < changed.length; at += 97 + round * 13) changed[at] = (at * 31 + round) & 255
      for (const { tidewaiter } of eventsOfFile(changed)) expect(tidewaiter.record).toMatch(/^f:\d+$/)
    }

    expect((cpuMs() - startedAt) / 20).toBeLessThan(1000)
  })

  test('pages that come in batches are said to be given up', () => {
    const decoding = srum.start({}, 12)

    const [event] = decoding.push(recordOf(bytes.subarray(0, 4096)))

    expect(event?.error?.message).toMatch(/^12 pages were read/)
  })
})
