import { expect, test } from 'vitest'
import { mostColumn } from './clean.ts'
import { logLines, openTestConsole, readAt } from './index.fixture.ts'

const prefix = 'Nov 24 11:00:00 desk-1'
const longName = 'x'.repeat(3000)

test('what a hostile host writes is cut to bounds, and the index stands', { timeout: 60_000 }, async () => {
  const console = await openTestConsole({ now: () => Date.parse('2026-11-24T12:10:00Z') })
  const host = await console.host('desk-1')
  const lines: (string | Uint8Array)[] = [
    `${prefix} sshd[1]: Failed password for ${longName} from 203.0.113.1 port 22 ssh2`,
    `${prefix} sshd[9007199254740993]: Failed password for big from 203.0.113.2 port 99999999999999999999 ssh2`,
    Buffer.from(`${prefix} sshd[2]: Failed password for nu\0ll from 203.0.113.3 port 22 ssh2`),
    Buffer.concat([Buffer.from(`${prefix} app[3]: broken `), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80])]),
    `${prefix} app[4]: ${'word '.repeat(200_000)}`,
    `${prefix} app[5]: ${'😀'.repeat(20_000)}`,
    '9999-12-31T23:59:59.999Z desk-1 app[6]: far ahead',
    '0001-01-01T00:00:00Z desk-1 app[7]: far behind',
    `${prefix} app[8]: " OR 1=1; drop table event; -- ' {text} : "x" NEAR(`,
    `${prefix} app[9]: ${'203.0.113.9.'.repeat(5000)} ${'a://'.repeat(5000)}`,
    `${prefix} app[10]: \u28ff event\u282edataset\u28fffake`,
    '',
    '\0'.repeat(1000),
  ]
  await host.send({
    chunks: [logLines(lines)],
    statement: { clockOffset: { ms: -9e12, measuredAt: readAt }, sources: [] },
  })
  await console.caughtUp()
  const { index } = console
  const total = async (q: string) => (await index.search({ q })).total

  const all = await index.search({ limit: 100 })
  expect(all.rows).toHaveLength(lines.length)
  expect(await total(`user.name:${longName.slice(0, mostColumn)}`)).toBe(1)
  expect(await total(`user.name:${'x'.repeat(1500)}`)).toBe(1)
  expect(await total('user.name:big and source.port:*')).toBe(0)
  expect(await total('user.name:big and process.pid:*')).toBe(0)
  expect(await total('user.name:n*ll')).toBe(1)
  expect(await total('"drop table event"')).toBe(1)
  expect(await total('"OR 1=1; drop"')).toBe(1)
  expect(await total('"{text} : x"')).toBe(1)
  expect(await total('event.dataset:fake')).toBe(0)
  expect(await total('ahead or behind')).toBe(2)
  expect((await index.histogram({})).total).toBe(lines.length)
  expect(await index.datasets(host.id)).not.toEqual([])
  expect(console.logged).toEqual([])
  await console.close()
})
