import { expect, test } from 'vitest'
import { decoderByContent } from '../index.ts'
import { eventsOf, recordOf } from '../recorded.fixture.ts'
import { mysqlAudit } from './index.ts'

// Written after the pages of both formats (dev.mysql.com/doc/refman/8.0/en/audit-log-file-formats.html,
// docs.percona.com/percona-server/8.0/audit-log-plugin.html): no such log was at hand.
const enterprise = [
  '[',
  '{ "timestamp": "2026-11-26 13:34:21", "id": 0, "class": "connection", "event": "connect", "connection_id": 9, "account": { "user": "ana", "host": "client.example" }, "login": { "user": "ana", "os": "", "ip": "192.0.2.7", "proxy": "" }, "connection_data": { "connection_type": "ssl", "status": 1045, "db": "broker" } },',
  '{ "timestamp": "2026-11-26 13:34:22", "id": 1, "class": "general", "event": "status", "connection_id": 10, "account": { "user": "ana", "host": "client.example" }, "login": { "user": "ana", "os": "", "ip": "192.0.2.7", "proxy": "" }, "general_data": { "command": "Query", "sql_command": "select", "query": "select * from entries", "status": 0 } },',
  ']',
]
const percona = [
  '{"audit_record":{"name":"Connect","record":"1_2026-11-26T13:34:21","timestamp":"2026-11-26T13:34:21Z","connection_id":"9","status":1045,"user":"ana","priv_user":"","os_login":"","proxy_user":"","host":"client.example","ip":"192.0.2.7","db":"broker"}}',
  '{"audit_record":{"name":"Query","record":"2_2026-11-26T13:34:21","timestamp":"2026-11-26T13:34:22Z","command_class":"select","connection_id":"10","status":0,"sqltext":"select * from entries","user":"ana[ana] @ client.example [192.0.2.7]","host":"client.example","os_user":"","ip":"192.0.2.7","db":"broker"}}',
]

test.each([
  ['MySQL Enterprise Audit', enterprise.slice(1, 3)],
  ['audit_log of Percona', percona],
])('rows of %s say who failed to sign in and who ran what, in UTC', (_, rows) => {
  const [signIn, query] = eventsOf(mysqlAudit, rows)

  expect(signIn).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21Z',
    event: { outcome: 'failure', action: 'sign-in', code: '1045' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
    tidewaiter: { database: 'broker' },
  })
  expect(query).toMatchObject({
    '@timestamp': '2026-11-26T13:34:22Z',
    message: 'select * from entries',
    event: { outcome: 'success', type: ['access'] },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
  })
})

test('the brackets of the list are no rows, and what is no row says so', () => {
  expect(eventsOf(mysqlAudit, enterprise).map(({ error }) => error)).toEqual(new Array(4).fill(undefined))
  expect(eventsOf(mysqlAudit, ['{"a":1}'])[0]?.error).toBeDefined()
  expect(decoderByContent(Buffer.from(enterprise.join('\n'))).id).toBe('mysql-audit')
})

const newXml = [
  '<?xml version="1.0" encoding="utf-8"?>',
  '<AUDIT>',
  ' <AUDIT_RECORD>',
  '  <TIMESTAMP>2026-11-26T13:34:21 UTC</TIMESTAMP>',
  '  <RECORD_ID>1_2026-11-26T13:34:21</RECORD_ID>',
  '  <NAME>Connect</NAME>',
  '  <CONNECTION_ID>9</CONNECTION_ID>',
  '  <STATUS>1045</STATUS>',
  '  <STATUS_CODE>1</STATUS_CODE>',
  '  <USER>ana</USER>',
  '  <OS_LOGIN/>',
  '  <HOST>client.example</HOST>',
  '  <IP>192.0.2.7</IP>',
  '  <COMMAND_CLASS>connect</COMMAND_CLASS>',
  '  <DB>broker</DB>',
  ' </AUDIT_RECORD>',
  ' <AUDIT_RECORD>',
  '  <TIMESTAMP>2026-11-26T13:34:22 UTC</TIMESTAMP>',
  '  <NAME>Query</NAME>',
  '  <CONNECTION_ID>10</CONNECTION_ID>',
  '  <STATUS>0</STATUS>',
  '  <USER>ana[ana] @ client.example [192.0.2.7]</USER>',
  '  <IP>192.0.2.7</IP>',
  '  <SQLTEXT>select * from entries',
  '    where name = &apos;&lt;/AUDIT_RECORD&gt;&apos;</SQLTEXT>',
  ' </AUDIT_RECORD>',
  '</AUDIT>',
]
const oldXml = [
  '<AUDIT_RECORD',
  '  NAME="Connect"',
  '  RECORD="1_2026-11-26T13:34:21"',
  '  TIMESTAMP="2026-11-26T13:34:21 UTC"',
  '  CONNECTION_ID="9"',
  '  STATUS="1045"',
  '  USER="ana"',
  '  HOST="client.example"',
  '  IP="192.0.2.7"',
  '  DB="broker"',
  '/>',
]

test.each([
  ['elements', newXml],
  ['attributes', ['<?xml version="1.0" encoding="UTF-8"?>', '<AUDIT>', ...oldXml, '</AUDIT>']],
])('records of XML in %s say who failed to sign in', (_, lines) => {
  const events = eventsOf(mysqlAudit, lines)

  expect(events.filter(({ error }) => error !== undefined)).toEqual([])
  expect(events.find(({ event }) => event.action === 'sign-in')).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21Z',
    event: { outcome: 'failure', code: '1045' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
    tidewaiter: { database: 'broker' },
  })
  expect(decoderByContent(Buffer.from(lines.join('\n'))).id).toBe('mysql-audit')
})

test('a statement in XML may have lines and markup in it, and is read over the border of two batches', () => {
  const first = mysqlAudit.start({})
  const [before, after] = [newXml.slice(0, 20), newXml.slice(20)]
  const push = (decoding: typeof first, lines: readonly string[]) =>
    lines.flatMap((line) => decoding.push(recordOf(line)))
  const made = push(first, before)
  made.push(...push(mysqlAudit.start({}, JSON.parse(JSON.stringify(first.state()))), after))

  expect(made.filter(({ event }) => event.action !== undefined)).toHaveLength(2)
  expect(made.find(({ message }) => message?.startsWith('select'))).toMatchObject({
    message: "select * from entries\n    where name = '</AUDIT_RECORD>'",
    event: { outcome: 'success' },
    user: { name: 'ana' },
  })
})

test('a record of XML that is cut off says so', () => {
  const decoding = mysqlAudit.start({})
  for (const line of newXml.slice(0, 8)) decoding.push(recordOf(line))

  expect([...decoding.end()]).toMatchObject([{ error: { message: expect.any(String) } }])
})
