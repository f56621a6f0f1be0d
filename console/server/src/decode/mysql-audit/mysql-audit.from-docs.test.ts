import { expect, test } from 'vitest'
import { decoderByContent } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
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
