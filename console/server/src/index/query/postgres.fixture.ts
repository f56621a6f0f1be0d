import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** True when this machine has no PostgreSQL. With `TIDEWAITER_REQUIRE=postgres` that fails instead. */
export function isPostgresMissing(): boolean {
  const isMissing = ['initdb', 'postgres'].some((program) => spawnSync(program, ['--version']).status !== 0)
  if (isMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('postgres'))
    throw new Error('TIDEWAITER_REQUIRE names postgres, and this machine does not have it')
  return isMissing
}

/** The account `nobody`: the server refuses to run as root. */
const nobody = 65534

/** A server of its own, reached through a socket in its folder. */
export async function startPostgres(): Promise<{ client: pg.Client; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-pg-'))
  const isRoot = process.getuid?.() === 0
  const as = isRoot ? { uid: nobody, gid: nobody } : {}
  if (isRoot) chownSync(folder, nobody, nobody)
  const data = join(folder, 'data')
  execFileSync('initdb', ['-D', data, '-U', 'tidewaiter', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    stdio: 'ignore',
    ...as,
  })
  const options = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off']
  const server = spawn('postgres', options, { stdio: ['ignore', 'ignore', 'pipe'], ...as })
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error('postgres does not start')))
    server.stderr.on('data', (text: Buffer) => {
      if (text.includes('ready to accept connections')) resolve()
    })
  })
  const client = new pg.Client({ host: folder, user: 'tidewaiter', database: 'postgres' })
  await client.connect()
  return {
    client,
    async stop() {
      await client.end()
      server.kill('SIGINT')
      await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
