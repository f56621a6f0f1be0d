import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { logLinesTo } from '@tidewaiter/protocol/node/log-lines'
import type { FastifyInstance } from 'fastify'
import { agentUrlsOf, isLoopback, webUrlOf } from './addresses.ts'
import { type Console, openConsole } from './console.ts'
import { errnoOf, refuse } from './error.ts'
import { openHeads } from './ledger/heads.ts'
import { hasPeople } from './people/people.ts'
import { startReceive } from './receive/receive.ts'
import { createToken } from './receive/tokens.ts'
import { setSettings } from './store/settings.ts'
import { buildWeb } from './web.ts'
import { ownTls, readTls, type TlsFiles, type WebTls } from './web-tls.ts'

export interface ServeOptions {
  data: string
  keys?: string | undefined
  database?: string | undefined
  /** Address both ports listen on; loopback when left out. */
  host?: string | undefined
  /** 0 for any free port. */
  port: number
  agentPort: number
  /** Certificate and key of the screens, PEM files; needed for nothing but an address others reach. */
  tls?: TlsFiles | undefined
  /** Folder the ledger's signed head is written to at the start, every hour and at the end. */
  heads?: string | undefined
  /** Log file; standard output when left out. */
  logFile?: string | undefined
}

export { inWords } from './error.ts'

/** A console at work. */
export interface Served {
  /** What a person opens: the set-up page with its code until there is somebody who can sign in. */
  openUrl: string
  isSetUp: boolean
  agentUrls: readonly string[]
  /** Fingerprint of a certificate the console made for its screens itself; null with plain http or an own one. */
  tlsFingerprint: string | null
  /** Why the ledger's head cannot be written where it was asked for, in words. */
  headsProblem: string | undefined
  /** An enrolment token for one host. */
  createToken(label: string): Promise<string>
  close(): Promise<void>
}

/**
 * Runs a console: its socket in the data folder, the agents' port and the screens. When something cannot be had, what
 * was opened is closed again. Throws what `openConsole` throws, and `port-in-use`, `not-permitted`,
 * `file-unreadable`, `input-malformed`.
 */
export async function serveConsole(options: ServeOptions): Promise<Served> {
  const tls = options.tls === undefined ? undefined : await readTls(options.tls)
  await freePorts(options)
  const logTo = logLinesTo(options.logFile ?? 1)
  const open: (() => Promise<unknown>)[] = [logTo.close]
  const close = async () => {
    for (const next of open.splice(0).reverse()) await next()
  }
  try {
    const console = await openConsole({ ...options, logTo })
    open.push(console.close)
    return { ...(await startDoors(console, { ...options, tls }, open)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startDoors(
  { deps, app }: Console,
  options: Omit<ServeOptions, 'tls'> & { tls: WebTls | undefined },
  open: (() => Promise<unknown>)[],
): Promise<Omit<Served, 'close'>> {
  const { data, host = '127.0.0.1', port, agentPort } = options
  const tls = isLoopback(host) ? null : (options.tls ?? (await ownTls(deps, host)))
  if (options.heads !== undefined) {
    const heads = await openHeads({ ...deps, dir: options.heads })
    open.push(heads.close)
    deps.heads = heads
  }
  const receive = await listening({ host, port: agentPort }, () => startReceive(deps, { host, port: agentPort }))
  open.push(() => receive.close())
  // The same parts behind both doors: what a command asks and what a browser asks is one answer.
  deps.receive = receive
  deps.collect.connect(receive.send)
  const web = await buildWeb(deps, { tls })
  open.push(() => web.close())
  await listening({ host, port }, () => web.listen({ host, port }))
  await listenOnSocket(app, data)
  const agentUrls = agentUrlsOf(host, receive.port)
  await setSettings(deps.store, { agentUrls: JSON.stringify(agentUrls) })
  const isSetUp = await hasPeople(deps.store)
  const url = webUrlOf(host, portOf(web), tls !== null)
  deps.log.info({ port: portOf(web), agentPort: receive.port, data }, 'console is up')
  return {
    openUrl: isSetUp ? url : `${url}/setup#${deps.setupCode.text}`,
    isSetUp,
    agentUrls,
    tlsFingerprint: tls?.ownFingerprint ?? null,
    headsProblem: deps.heads?.problem()?.says,
    async createToken(label) {
      const act = { who: 'npm start', nowMs: deps.now(), caFingerprint: deps.keys.caFingerprint }
      return (await createToken(deps.store, { label, uses: 1, expires: '1h' }, act)).token
    },
  }
}

/** Commands reach a running console here: whoever may open the socket may open the files anyway. */
async function listenOnSocket(app: FastifyInstance, data: string): Promise<void> {
  const path = join(data, 'console.sock')
  // The lock on the folder is ours: a socket that lies here was left by a console that was killed.
  await rm(path, { force: true })
  await app.listen({ path })
  await chmod(path, 0o600)
}

/** Before anything is made: a console that cannot be reached leaves no folder behind. */
async function freePorts({ host = '127.0.0.1', port, agentPort }: ServeOptions): Promise<void> {
  if (port === agentPort && port !== 0)
    throw refuse('input-malformed', `The screens and the agents need a port each: both were given ${port}.`)
  for (const wanted of [port, agentPort]) {
    const server = createServer()
    await listening({ host, port: wanted }, () => once(server.listen({ host, port: wanted }), 'listening'))
    server.close()
    await once(server, 'close')
  }
}

async function listening<Result>({ host, port }: { host: string; port: number }, listen: () => Promise<Result>) {
  try {
    return await listen()
  } catch (cause) {
    const errno = errnoOf(cause)
    if (errno === 'EADDRINUSE') throw refuse('port-in-use', `Port ${port} is used by another program.`, { cause })
    if (errno === 'EACCES')
      throw refuse('not-permitted', `This account may not listen on port ${port}. Use one from 1024.`, { cause })
    if (errno === 'EADDRNOTAVAIL' || errno === 'ENOTFOUND' || errno === 'EAI_AGAIN')
      throw refuse('input-malformed', `${host} is no address of this machine: give one that is with --host.`, { cause })
    throw cause
  }
}

function portOf({ server }: FastifyInstance): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
