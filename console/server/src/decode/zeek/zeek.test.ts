import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { bytesOf, isMissing, linesOf, namesIn, pathOf } from '../shared-data.fixture.ts'
import { zeek } from './index.ts'

const folder = 'zeek_logs_apt29'
const read = (name: string) => Array.fromAsync(decodeFile(pathOf(`${folder}/day1_${name}.log`)))
const of = (event: Event | undefined) =>
  (event ?? expect.fail('no event')) as unknown as Readonly<Record<string, never>>

// Zeek's logs of an exercise that imitates an intruder (OTRF, APT 29, day 1). The numbers were counted with Python's json.
describe.skipIf(isMissing(folder))('traffic of two hosts of an exercise (shared data)', () => {
  test('every line of every log is read', async () => {
    for (const name of namesIn(folder).filter((each) => each.endsWith('.log'))) {
      const events = await Array.fromAsync(decodeFile(pathOf(`${folder}/${name}`)))
      const expected = linesOf(`${folder}/${name}`).filter((line) => line !== '').length

      expect([name, events.length]).toEqual([name, expected])
      expect(events.filter(({ error, event }) => error !== undefined || event.dataset !== 'zeek')).toEqual([])
      expect(events.every((event) => event['@timestamp']?.startsWith('2020-04-30T00:'))).toBe(true)
    }
  })

  test('connections have both ends, their bytes and how they ended', async () => {
    const events = await read('NASHUA_conn')
    const beacon = events.filter(
      ({ destination }) => (destination as { ip?: string } | undefined)?.ip === '192.168.0.4',
    )
    const bytes = beacon.reduce((sum, { network }) => sum + (network as { bytes: number }).bytes, 0)
    const states = Map.groupBy(events, ({ tidewaiter }) => String(tidewaiter.state))

    expect(beacon).toHaveLength(376)
    expect(bytes).toBe(2_291_441)
    expect(Object.fromEntries([...states].map(([state, all]) => [state, all.length]))).toEqual({
      SF: 35,
      RSTO: 395,
      S0: 26,
      RSTR: 23,
    })
    expect(events.filter(({ event }) => event.outcome === 'failure')).toHaveLength(26)
  })

  test('a program that was fetched over WebDAV, and the certificate that nobody vouches for, are seen', async () => {
    const web = await read('SCRANTON_http')
    const tls = await read('NASHUA_ssl')
    const notices = await read('NASHUA_notice')

    expect(web.at(-1)).toMatchObject({
      event: { category: ['network', 'web'], outcome: 'success' },
      url: { domain: '192.168.0.4', path: '/webdav/python.exe' },
      http: { response: { status_code: 200, body: { bytes: 5_305_104 }, mime_type: 'application/x-dosexec' } },
    })
    expect(tls[0]).toMatchObject({
      tls: { version: '1.2', client: { ja3: 'e0fe397a5edfba9a6facc7c7b341f4eb' }, established: true },
      tidewaiter: { validation: 'self signed certificate', connection: 'CpnezL3085IfcJzSAe' },
    })
    expect(notices[0]).toMatchObject({
      event: { category: ['intrusion_detection', 'network'] },
      rule: { name: 'SSL::Invalid_Server_Cert' },
      message: 'SSL certificate validation failed with (self signed certificate)',
    })
  })

  test('Kerberos says who signed in; the first request, refused by design, is no failure', async () => {
    const events = await read('NASHUA_kerberos')
    const outcomes = events.map(({ event }) => [event.action, event.outcome].join(' '))

    expect(
      Object.fromEntries([...Map.groupBy(outcomes, (each) => each)].map(([each, all]) => [each, all.length])),
    ).toEqual({
      'sign-in unknown': 7,
      'sign-in success': 3,
      'ticket-requested success': 3,
    })
    expect(of(events.find(({ event }) => event.outcome === 'success')).user).toEqual({
      name: 'pbeesly',
      domain: 'dmevals',
    })
  })

  test('files on shares and names that were asked for are read', async () => {
    const [file] = await read('NASHUA_smb_files')
    const [question] = await read('NASHUA_dns')

    expect(file).toMatchObject({
      event: { category: ['file', 'network'], type: ['access'], action: 'file-opened' },
      file: { name: 'gpt.ini', size: 22, mtime: '2020-04-29T19:18:26.664602Z' },
    })
    expect(question).toMatchObject({
      dns: {
        question: { name: 'newyork.dmevals.local', type: 'A' },
        resolved_ip: ['10.0.0.4'],
        response_code: 'NOERROR',
      },
    })
  })

  test('a log of tabs says the same as its JSON', () => {
    for (const name of namesIn(folder).filter((each) => each.startsWith('day1_SCRANTON'))) {
      const rows = linesOf(`${folder}/${name}`)
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      const json = eventsOf(
        zeek,
        rows.map((row) => Buffer.from(JSON.stringify(row))),
      )
      const tabs = eventsOf(
        zeek,
        tabbed(rows).map((line) => Buffer.from(line)),
      ).slice(-rows.length)

      expect([name, tabs.map(gist)]).toEqual([name, json.map(gist)])
    }
    expect(zeek.detects(bytesOf(`${folder}/day1_NASHUA_conn.log`).subarray(0, 65_536))).toBe(true)
  })
})

/** Rows in the form of `LogAscii` (docs.zeek.org, "Zeek Log Formats"). */
function tabbed(rows: readonly Record<string, unknown>[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !name.startsWith('@'))
  const fields = names.map((name) => name.replace(/^id_(orig|resp)_/, 'id.$1_').replace(/^times_/, 'times.'))
  const value = (each: unknown) =>
    each === undefined
      ? '-'
      : Array.isArray(each)
        ? each.join(',') || '(empty)'
        : each === true
          ? 'T'
          : each === false
            ? 'F'
            : String(each)
  return [
    '#separator \\x09',
    ['#path', rows[0]?.['@stream']].join('\t'),
    ['#fields', ...fields].join('\t'),
    ...rows.map((row) => names.map((name) => value(row[name])).join('\t')),
  ]
}

/** All but how it was written: what nobody looks at has its type from JSON only, and the sensor is named there only. */
function gist({ tidewaiter: { header: _, fields: __, ...own }, observer: ___, message: ____, event, ...rest }: Event) {
  return { ...rest, own, event: { ...event, original: '' } }
}

test('a file of a share of which nothing is said but that it was opened is an event all the same', () => {
  const row = {
    '@stream': 'smb_files',
    ts: 1588205521.659592,
    uid: 'C6niUh1gdPBNBhfNDe',
    id_orig_h: '10.0.1.4',
    id_orig_p: 60624,
    id_resp_h: '10.0.0.4',
    id_resp_p: 445,
    action: 'SMB::FILE_OPEN',
  }

  const [event] = eventsOf(zeek, [JSON.stringify(row)])

  expect(event).toMatchObject({ event: { category: ['file', 'network'] }, source: { ip: '10.0.1.4' } })
  expect(event).not.toHaveProperty('error')
  expect(event?.file).toBeUndefined()
})
