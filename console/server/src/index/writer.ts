import { type ChildProcess, fork } from 'node:child_process'
import type { Logger } from 'pino'
import { type Deaths, openDeaths } from './deaths.ts'
import { files } from './layout.ts'
import type { News, Order, WriterArgument } from './messages.ts'
import { readAtWork } from './write/at-work.ts'
import { exits, type WriterName } from './write/exits.ts'

export interface WriterOptions {
  name: WriterName
  argument: Omit<WriterArgument, 'suspects' | 'leftOut'>
  log: Logger
  hear(news: News): void
  /** A file of the index is broken. */
  damaged(): void
}

/** A writer process, started again whenever it dies. */
export interface Writer {
  /** Resolves when it has opened its files for the first time. */
  ready: Promise<void>
  /** False when it is not there right now; it hears what it must when it is ready again. */
  send(order: Order): boolean
  /** Ends it in order. */
  stop(): Promise<void>
  /** Process id, for those who want to see it die. */
  pid(): number | undefined
}

const firstPauseMs = 200
const longestPauseMs = 30_000
/** A writer that only waits for room on its disk looks again at least so often. */
const roomPauseMs = 3_000
/** Longest time for the end of a transaction when it is told to stop. */
const stopMs = 20_000
/** A batch that is read for so long never ends. */
const hangsMs = 120_000
const looksEveryMs = 15_000
export function startWriter(options: WriterOptions): Writer {
  const { name, argument, log, hear, damaged } = options
  const deaths = openDeaths()
  const first = Promise.withResolvers<void>()
  let child: ChildProcess | undefined
  let pauseMs = firstPauseMs
  let isStopping = false
  let restart: NodeJS.Timeout | undefined
  let working: { position: number | undefined; sinceMs: number; isHung: boolean } = fresh()

  const start = () => {
    working = fresh()
    const started = fork(new URL(`./write/${name}-process.ts`, import.meta.url), [textOf(argument, deaths)], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    child = started
    let said = ''
    started.stderr?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-4000)
    })
    started.on('message', (news: News) => {
      if (news.type === 'ready') first.resolve()
      if (news.type === 'indexed') pauseMs = firstPauseMs
      hear(news)
    })
    started.on('error', (error) => {
      log.error({ err: error, writer: name }, 'an index writer cannot be spoken to')
      // It never was: nothing tells its end.
      if (started.pid === undefined) ended(null, null, said)
    })
    started.on('exit', (code, signal) => ended(code, signal, said))
  }
  const ended = (code: number | null, signal: NodeJS.Signals | null, said: string) => {
    child = undefined
    if (isStopping) return
    const position = readAtWork(files.atWork(argument.dir, name))
    log.error({ writer: name, code, signal, said, position }, 'an index writer died')
    if (code === exits.damaged) {
      // It is not started again; who waits for it goes on.
      first.resolve()
      return damaged()
    }
    if (code !== exits.disk) deaths.note(position, isKill(signal) && !working.isHung)
    restart = setTimeout(start, code === exits.disk ? Math.min(pauseMs, roomPauseMs) : pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
  const watch = setInterval(() => {
    const position = readAtWork(files.atWork(argument.dir, name))
    if (position === undefined || position !== working.position) working = { ...fresh(), position }
    else if (Date.now() - working.sinceMs > hangsMs && child !== undefined) {
      working.isHung = true
      child.kill('SIGKILL')
    }
  }, looksEveryMs).unref()
  start()
  return {
    ready: first.promise,
    send: (order) => child?.connected === true && child.send(order, () => undefined),
    async stop() {
      isStopping = true
      first.resolve()
      clearInterval(watch)
      clearTimeout(restart)
      if (child !== undefined) await end(child)
    },
    pid: () => child?.pid,
  }
}

function fresh() {
  return { position: undefined, sinceMs: Date.now(), isHung: false }
}

function isKill(signal: NodeJS.Signals | null): boolean {
  return signal === 'SIGKILL' || signal === 'SIGTERM'
}

function textOf(argument: WriterOptions['argument'], deaths: Deaths): string {
  return JSON.stringify({
    ...argument,
    suspects: deaths.suspects(),
    leftOut: deaths.leftOut(),
  } satisfies WriterArgument)
}

async function end(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  if (child.connected) child.send({ type: 'stop' } satisfies Order, () => undefined)
  const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await promise
  clearTimeout(late)
}
