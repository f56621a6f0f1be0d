import { expect, test } from 'vitest'
import { fromDocs } from './from-docs.fixture.ts'
import { decodeAll, numbered, type Opened, pack, piecesOf, readAgain } from './packing.fixture.ts'
import { recordedLines } from './recorded.fixture.ts'
import { isMissing, linesOf } from './shared-data.fixture.ts'

/** Logs whose lines belong together, or say what those before them mean, under the names that agents find them by. */
const logs: readonly (readonly [file: string, lines: readonly string[]])[] = [
  ['/var/log/postgresql/postgresql-15-main.log', recordedLines('postgresql-debian.log')],
  ['/var/log/postgresql/postgresql-15-main.csv', recordedLines('postgresql.csv')],
  ['/var/log/mysql/mysql.log', recordedLines('mariadb-general.log')],
  ['/var/log/mysql/mariadb-slow.log', recordedLines('mariadb-slow.log')],
  ['/var/opt/mssql/log/errorlog', fromDocs['sql-server'] ?? []],
  ['/var/mqm/qmgrs/QM1/errors/AMQERR01.LOG', fromDocs['ibm-mq'] ?? []],
  ['/opt/zeek/logs/current/ssh.log', fromDocs.zeek ?? []],
  ...(isMissing('mq_logs')
    ? []
    : ([['/var/mqm/errors/AMQERR01.LOG', linesOf('mq_logs/beats__AMQERR01_excerpt.log')]] as const)),
]

/** Lines of a file of this name, sealed into batches that end where they may. */
function sealed(file: string, lines: readonly string[], every: number): Opened[] {
  const pieces = piecesOf(lines.map((line) => ({ bytes: Buffer.from(line, 'latin1'), parts: 1 })))
  const batches = pack(pieces, (i) => (i % every === 0 ? 'batch' : i % 2 === 0 ? 'chunk' : 'none'))
  for (const { chunks } of batches) for (const { head } of chunks) Object.assign(head, { source: `log-file:${file}` })
  return batches
}

test.each(logs)(
  '%s says the same wherever its batches are cut, and of each event when it is read alone',
  (file, lines) => {
    const whole = sealed(file, lines, lines.length + 1)
    const expected = numbered(whole, decodeAll(whole))
    expect(expected.length).toBeGreaterThan(2)
    for (const every of [1, 2, 3, 7]) {
      const batches = sealed(file, lines, every)
      const all = decodeAll(batches)

      expect(numbered(batches, all)).toEqual(expected)
      for (const made of all) expect(readAgain(batches, made)).toContainEqual(made.event)
    }
  },
)
