import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { enrolledFolder, eventually, ownRecords, recordsOf, startAgent } from './agent.fixture.ts'
import { databases } from './collectors/database/index.ts'
import { isServerMissing, startPostgres } from './database-servers.fixture.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { newLinuxHost } from './host-linux.ts'
import { startFakeConsole } from './uplink/console.fixture.ts'

test.skipIf(isServerMissing('postgres'))(
  'an agent with an account gives the console the counters of its server, and its password to nobody',
  { timeout: 60_000 },
  async () => {
    const server = await startPostgres()
    onTestFinished(() => server.stop())
    const passwordFile = join(temporaryFolder(), 'password')
    writeFileSync(passwordFile, 'secret-one\n', { mode: 0o600 })
    const asked = { socket: server.socket, port: server.tls.port, user: 'tidewaiter', passwordFile, database: 'broker' }
    const config = {
      caps: { cpuPercent: 100, memoryMb: 4_000 },
      databases: [{ name: 'entries', engine: 'postgresql' as const, ...asked }],
    }
    const fake = await startFakeConsole()
    startAgent(await enrolledFolder(fake), { host: newLinuxHost(), collectors: [databases], config })

    const rows = () => recordsOf(fake.host.line, 'database:entries').map((row) => JSON.parse(row))
    await eventually(() => rows().map(({ view }) => view)).toContain('pg_stat_statements')

    expect(rows()).toContainEqual(
      expect.objectContaining({ view: 'pg_stat_database', datname: 'broker', tup_returned: expect.any(Number) }),
    )
    expect(recordsOf(fake.host.line, 'database:process').length).toBeGreaterThan(0)
    expect(ownRecords(fake.host.line, 'agent:gap', 'gap')).toEqual([])
    const policy = recordsOf(fake.host.line, 'agent:policy').join('\n')
    expect(policy).toContain(passwordFile)
    expect(
      rows()
        .map((row) => JSON.stringify(row))
        .join('\n') + policy,
    ).not.toContain('secret-one')
  },
)
