import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { databaseDecoders, decoderByContent, decoderById, decoders, messageDecoders } from './index.ts'
import { recorded, recordedChunks, snapshotSources } from './recorded.fixture.ts'
import { signInLines } from './sign-in-lines.fixture.ts'

/** What several decoders share: recordings of the tests, and the events of Windows, which come in several files. */
const shared = ['fixtures', 'windows-event']

test('every folder is a decoder of the lists, and every decoder has its folder', () => {
  const entries = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && !shared.includes(entry.name)).map(({ name }) => name)

  // A service that writes its own log is in both.
  const ids = new Set([...decoders, ...messageDecoders, ...databaseDecoders].map(({ id }) => id))
  expect([...ids].sort()).toEqual(folders.sort())
})

test('a decoder is found by its id, and an id that none has is refused by name', () => {
  for (const decoder of decoders) expect(decoderById(decoder.id)).toBe(decoder)

  expect(() => decoderById('sshd')).toThrow(expect.objectContaining({ code: 'input-malformed' }))
})

test('the sources of agents go to the decoders made for them', () => {
  const of = (source: string) => decoders.find((decoder) => decoder.reads({ ...headOf('x'), source }))?.id

  expect(of('log-file:/var/log/auth.log')).toBe('syslog')
  expect(of('log-file:/var/log/syslog.1')).toBe('syslog')
  expect(of('log-file:/var/log/apache2/error.log')).toBe('apache')
  expect(of('log-file:/var/log/httpd/ssl_error_log-20261122')).toBe('apache')
  expect(of('log-file:/var/log/nginx/error.log.1')).toBe('nginx')
  expect(of('log-file:/var/log/mysql/error.log')).toBe('mysqld')
  expect(of('log-file:/var/log/mongodb/mongod.log')).toBe('mongodb')
  expect(of('log-file:/var/log/squid/access.log')).toBe('squid')
  expect(of('log-file:/var/log/vsftpd.log')).toBe('vsftpd')
  expect(of('log-file:/var/log/openvpn/server.log')).toBe('openvpn')
  expect(of('log-file:/var/log/tomcat9/catalina.out')).toBe('guacamole')
  expect(of('log-file:/var/log/postgresql/postgresql-15-main.log')).toBe('postgresql')
  expect(of('log-file:/var/lib/pgsql/data/log/postgresql-Fri.csv')).toBe('postgresql')
  expect(of('log-file:/var/log/mysql/mysql.log')).toBe('mysql-general')
  expect(of('log-file:/var/log/mysql/mysql-slow.log')).toBe('mysql-slow')
  expect(of('log-file:/var/lib/mysql/server_audit.log')).toBe('mysql-audit')
  expect(of('log-file:C:\\Program Files\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\MSSQL\\Log\\ERRORLOG')).toBe(
    'sql-server',
  )
  expect(of('log-file:/var/opt/mssql/log/errorlog.1')).toBe('sql-server')
  expect(of('log-file:C:\\ProgramData\\IBM\\MQ\\qmgrs\\QM1\\errors\\AMQERR01.LOG')).toBe('ibm-mq')
  expect(of('log-file:/opt/zeek/logs/current/conn.log')).toBe('zeek')
  expect(of('log-file:/var/log/suricata/eve.json')).toBe('suricata')
  expect(of('log-file:/var/log/suricata/fast.log')).toBe('suricata')
  expect(of('log-file:/var/log/snort/alert')).toBe('snort')
  expect(of('log-file:/var/log/snort/alert_fast.txt')).toBe('snort')
  expect(of('log-file:/var/log/samba/log.smbd')).toBe('samba-audit')
  expect(of('log-file:/var/log/ulog/syslogemu.log')).toBe('iptables')
  expect(of('log-file:/srv/app/own.txt')).toBe('text')
  expect(of('journal:system')).toBe('journald')
  expect(of('login:btmp')).toBe('utmp')
  expect(of('log-file:/var/log/lastlog')).toBe('lastlog')
  for (const source of snapshotSources) expect(of(source)).toBe(source)
  expect(of('agent:task')).toBe('agent')
  expect(of('event-log:Security')).toBe('event-xml')
  for (const id of ['prefetch', 'shortcut', 'scheduled-task', 'srum']) expect(of(id)).toBe(id)
})

test('a file is known by what it holds', () => {
  const of = (bytes: Uint8Array) => decoderByContent(bytes).id

  for (const name of ['iso.log', 'classic.log', 'rfc5424.log']) expect(of(recorded(name))).toBe('syslog')
  for (const name of ['utmp', 'wtmp', 'btmp']) expect(of(recorded(name))).toBe('utmp')
  expect(of(recorded('journal.export').subarray(0, 65_536))).toBe('journald')
  for (const source of snapshotSources)
    expect(of(Buffer.from(recordedChunks(source)[0]?.records.join('\n') ?? ''))).toBe(source)
  expect(of(Buffer.from('{"kind":"started","at":"2026-11-25T19:00:00.000Z"}\n'))).toBe('agent')
  for (const { log, line } of signInLines)
    expect([line('ana'), of(Buffer.from(`${line('ana')}\n`))]).toEqual([line('ana'), log])
  expect(of(Buffer.from('neither this nor that\n'))).toBe('text')
  expect(of(Buffer.alloc(384))).toBe('text')
})

function headOf(source: string) {
  return { ...(recordedChunks('process')[0]?.head ?? expect.fail('no recording')), source }
}
