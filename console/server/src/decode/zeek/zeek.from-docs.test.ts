import { describe, expect, test } from 'vitest'
import { decoderByContent } from '../index.ts'
import { eventsOf, fileHead } from '../recorded.fixture.ts'
import { zeek } from './index.ts'

// Written after docs.zeek.org, "Zeek Log Formats and Inspection" and the pages of the single logs: no log in the form of
// tabs was at hand.
const header = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tssh',
  '#open\t2026-11-26-13-34-21',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tversion\tauth_success\tauth_attempts\tclient\tserver',
  '#types\ttime\tstring\taddr\tport\taddr\tport\tcount\tbool\tcount\tstring\tstring',
]
const failed = '1795700061.129055\tCxyz\t192.0.2.7\t52234\t198.51.100.9\t22\t2\tF\t3\tSSH-2.0-x\\x09y\t-'
const read = (lines: readonly string[]) => eventsOf(zeek, lines)

test('a line has the fields that its header names, and what is not set is not there', () => {
  const [event] = read([...header, failed]).slice(-1)

  expect(event).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21.129055Z',
    event: { dataset: 'zeek', category: ['authentication', 'network'], outcome: 'failure', action: 'sign-in' },
    source: { ip: '192.0.2.7', port: 52234 },
    destination: { ip: '198.51.100.9', port: 22 },
    network: { protocol: 'ssh' },
    tidewaiter: { connection: 'Cxyz', log: 'ssh', attempts: 3, fields: { version: '2', client: 'SSH-2.0-x\ty' } },
  })
})

test('what comes after a restart, or is read alone, is read by the header that it was written under', () => {
  const decoding = zeek.start({})
  const record = (line: string) => ({ id: 'host/1/0', bytes: Buffer.from(line), head: fileHead, position: 0 })
  for (const line of header) decoding.push(record(line))
  const saved: unknown = JSON.parse(JSON.stringify(decoding.state()))
  const later = zeek.start({}, saved).push(record(failed))

  expect(later).toEqual(decoding.push(record(failed)))
  expect(zeek.start({ header: String(later[0]?.tidewaiter.header) }).push(record(failed))).toEqual(later)
  expect(String(later[0]?.tidewaiter.header).length).toBeLessThan(800)
})

test('any separator is taken, and a header that changes within a file holds for what comes after it', () => {
  const events = read([
    '#separator \\x7c',
    '#unset_field|?',
    '#path|own',
    '#fields|ts|id.orig_h|what',
    '1795700061.129055|192.0.2.7|a',
    '#separator \\x09',
    '#path\town',
    '#fields\tts\twhat\tid.orig_h',
    '1795700061.129055\tb\t192.0.2.8',
  ])

  expect(events[4]).toMatchObject({ source: { ip: '192.0.2.7' }, tidewaiter: { log: 'own', fields: { what: 'a' } } })
  expect(events[8]).toMatchObject({ source: { ip: '192.0.2.8' }, tidewaiter: { log: 'own', fields: { what: 'b' } } })
})

test('a line without its header, or that does not fit it, says so and keeps its text', () => {
  expect(read([failed])[0]).toMatchObject({ event: { dataset: 'text', original: failed }, error: {} })
  expect(read([...header, `${failed}\tmore`]).at(-1)?.error?.message).toMatch(/does not fit/)
  expect(read(['#close\t2026-11-26-14-00-00'])[0]?.error).toBeUndefined()
})

describe('rows of JSON as other senders write them', () => {
  const row = (fields: object) => read([JSON.stringify({ ts: 1795700061.129055, uid: 'C1', ...fields })])[0]
  const ends = { 'id.orig_h': '192.0.2.7', 'id.orig_p': 50000, 'id.resp_h': '198.51.100.9', 'id.resp_p': 445 }

  test('names with points, and times in RFC 3339 or milliseconds', () => {
    expect(row({ ...ends, _path: 'conn', conn_state: 'SF' })).toMatchObject({
      source: { ip: '192.0.2.7' },
      tidewaiter: { log: 'conn' },
    })
    expect(row({ ...ends, ts: '2026-11-26T13:34:21.129055Z' })?.['@timestamp']).toBe('2026-11-26T13:34:21.129055Z')
    expect(row({ ...ends, ts: 1795700061129 })?.['@timestamp']).toBe('2026-11-26T13:34:21.129Z')
    expect(row({ ...ends, ts: 'yesterday' })?.['@timestamp']).toBeUndefined()
  })

  test('NTLM, files, certificates and mail give account, hashes, validity and senders', () => {
    expect(
      row({ ...ends, _path: 'ntlm', username: 'ana', domainname: 'BROKER', hostname: 'PC7', success: false }),
    ).toMatchObject({
      event: { outcome: 'failure', action: 'sign-in' },
      user: { name: 'ana', domain: 'BROKER' },
    })
    expect(
      row({
        _path: 'files',
        fuid: 'F1',
        tx_hosts: ['198.51.100.9'],
        rx_hosts: ['192.0.2.7'],
        source: 'HTTP',
        mime_type: 'application/x-dosexec',
        filename: 'a.exe',
        seen_bytes: 9,
        md5: 'd41d8cd98f00b204e9800998ecf8427e',
      }),
    ).toMatchObject({
      file: { name: 'a.exe', size: 9, hash: { md5: 'd41d8cd98f00b204e9800998ecf8427e' } },
      source: { ip: '198.51.100.9' },
      destination: { ip: '192.0.2.7' },
    })
    expect(
      row({
        _path: 'x509',
        fingerprint: 'ab',
        'certificate.subject': 'CN=a.example,C=US',
        'certificate.not_valid_after': 1795700061,
      }),
    ).toMatchObject({ file: { x509: { subject: { common_name: 'a.example' }, not_after: '2026-11-26T13:34:21Z' } } })
    expect(row({ ...ends, _path: 'smtp', mailfrom: 'ana@broker.example', rcptto: ['cbp@example.com'] })).toMatchObject({
      email: { from: { address: ['ana@broker.example'] }, to: { address: ['cbp@example.com'] } },
    })
  })

  test('no password is kept in a field', () => {
    for (const fields of [
      { ...ends, _path: 'http', trans_depth: 1, username: 'ana', password: 'secret-one' },
      { ...ends, _path: 'ftp', user: 'ana', password: 'secret-one', command: 'PASS', arg: 'secret-one' },
    ]) {
      const { event, ...rest } = row(fields) ?? expect.fail()
      expect(JSON.stringify(rest)).not.toContain('secret-one')
    }
  })
})

test('a log is known by its header, and one of another program with a header is not it', () => {
  expect(decoderByContent(Buffer.from([...header, failed, ''].join('\n'))).id).toBe('zeek')
  expect(zeek.detects(Buffer.from('#Version: 1.5\n#Fields: date time action protocol src-ip\n'))).toBe(false)
  expect(zeek.detects(Buffer.from('{"timestamp":"2022-07-10T23:50:05.533101+0000","event_type":"alert"}\n'))).toBe(
    false,
  )
})
