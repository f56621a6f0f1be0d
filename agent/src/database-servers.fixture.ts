import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Programs of each server. */
const programs = { postgres: ['initdb', 'postgres', 'psql'], mariadb: ['mariadb-install-db', 'mariadbd', 'mariadb'] }

/** True when this machine does not have the server. With `TIDEWAITER_REQUIRE=postgres,mariadb` that fails instead. */
export function isServerMissing(server: keyof typeof programs): boolean {
  const isMissing = programs[server].some((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0)
  if (isMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes(server))
    throw new Error(`TIDEWAITER_REQUIRE names ${server}, and this machine does not have it`)
  return isMissing
}

export interface RunningServer {
  socket: string
  /** Where it speaks TLS, with a certificate for `localhost` that this authority made. */
  tls: { port: number; caFile: string }
  /** Statements, as its owner. */
  sql(text: string): void
  /** Ends it in order, and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The account `nobody`: neither server runs as root. */
const nobody = 65534

function newFolder(): { folder: string; as: { uid?: number; gid?: number } } {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-db-'))
  if (process.getuid?.() !== 0) return { folder, as: {} }
  chownSync(folder, nobody, nobody)
  return { folder, as: { uid: nobody, gid: nobody } }
}

/** A certificate for `localhost` that is its own authority, and a port that is free. */
async function newTls(folder: string, as: { uid?: number }) {
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...made, ...named, '-keyout', keyFile, '-out', caFile], { stdio: 'ignore' })
  chmodSync(keyFile, 0o600)
  if (as.uid !== undefined) chownSync(keyFile, nobody, nobody)
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const address = free.address()
  free.close()
  return { keyFile, caFile, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

/** One with passwords, pg_stat_statements, a database `broker` and the account that the collector asks for. */
export async function startPostgres(): Promise<RunningServer> {
  const { folder, as } = newFolder()
  const data = join(folder, 'data')
  execFileSync('initdb', ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    stdio: 'ignore',
    ...as,
  })
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'local all owner trust\nlocal all all scram-sha-256\nhostssl all all all scram-sha-256\n',
  )
  const tls = await newTls(folder, as)
  const ssl = ['ssl=on', `ssl_cert_file=${tls.caFile}`, `ssl_key_file=${tls.keyFile}`]
  const set = ['listen_addresses=127.0.0.1', 'fsync=off', 'shared_preload_libraries=pg_stat_statements', ...ssl]
  const args = ['-D', data, '-k', folder, '-p', `${tls.port}`, ...set.flatMap((each) => ['-c', each])]
  const server = running(folder, {
    start: () => spawn('postgres', args, { stdio: ['ignore', 'ignore', 'pipe'], ...as }),
    ready: 'ready to accept',
  })
  await server.begin()
  const sql = (text: string, database = 'broker') => {
    execFileSync(
      'psql',
      ['-qXh', folder, '-p', `${tls.port}`, '-U', 'owner', '-d', database, '-v', 'ON_ERROR_STOP=1', '-c', text],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
  }
  sql('CREATE DATABASE broker', 'postgres')
  sql(
    "CREATE EXTENSION pg_stat_statements; CREATE ROLE tidewaiter LOGIN PASSWORD 'secret-one'; GRANT pg_read_all_stats TO tidewaiter",
  )
  return { ...server, socket: folder, tls, sql }
}

/** One with the account that the collector asks for, and statistics by account. */
export async function startMariadb(): Promise<RunningServer> {
  const { folder, as } = newFolder()
  const [data, socket] = [join(folder, 'data'), join(folder, 's')]
  mkdirSync(data)
  if (as.uid !== undefined) chownSync(data, nobody, nobody)
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'ignore', ...as },
  )
  const tls = await newTls(folder, as)
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${socket}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--bind-address=127.0.0.1',
    `--port=${tls.port}`,
    `--ssl-cert=${tls.caFile}`,
    `--ssl-key=${tls.keyFile}`,
    '--userstat=1',
  ]
  const server = running(folder, {
    start: () => spawn('mariadbd', args, { stdio: ['ignore', 'ignore', 'pipe'], ...as }),
    ready: 'ready for connections',
  })
  await server.begin()
  const sql = (text: string) => {
    execFileSync('mariadb', ['--no-defaults', '-S', socket, '-u', 'root', '-e', text], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  sql(
    "CREATE USER tidewaiter@localhost IDENTIFIED BY 'secret-one'; GRANT PROCESS ON *.* TO tidewaiter@localhost; GRANT SELECT ON performance_schema.* TO tidewaiter@localhost",
  )
  return { ...server, socket, tls, sql }
}

function running(folder: string, { start, ready }: { start: () => ReturnType<typeof spawn>; ready: string }) {
  let child: ReturnType<typeof spawn> | undefined
  const begin = () =>
    new Promise<void>((resolve, reject) => {
      let says = ''
      child = start()
      child.once('exit', () => reject(new Error(`the server does not start: ${says}`)))
      child.stderr?.on('data', (text: Buffer) => {
        says += text
        if (says.includes(ready)) resolve()
        says = says.slice(-2_000)
      })
    })
  const end = async () => {
    if (child === undefined) return
    const ended = once(child, 'exit')
    // To mariadbd SIGINT means nothing, to postgres SIGTERM means to wait for its clients.
    child.kill(ready.startsWith('ready to') ? 'SIGINT' : 'SIGTERM')
    await ended
  }
  return {
    begin,
    async restart() {
      await end()
      await begin()
    },
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
