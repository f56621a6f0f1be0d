import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { DatabaseServer } from '@tidewaiter/protocol'
import type { DatabaseCode, DatabaseView } from '../../host.ts'
import { type Question, toView, Unanswered } from './answer.ts'
import { wireLimit } from './limits.ts'

/** An open connection to one server. */
export interface Connection {
  /** Rows of a question, all values as text. Throws what the driver throws. */
  ask(sql: string): Promise<unknown>
  end(): void
}

/** Whoever sits between could ask for the password in clear: beyond this machine nothing goes without a verified certificate. */
export function tlsOf({ host, caFile }: DatabaseServer): { ca?: string; rejectUnauthorized: true } | undefined {
  if (host === undefined || (caFile === undefined && isLoopback(host))) return undefined
  return { rejectUnauthorized: true, ...(caFile !== undefined && { ca: readAuthority(caFile) }) }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new Unanswered('tls-refused', `The file of the authority ${path} cannot be read.`)
  }
}

/** Calls `end` once more has come over the socket than any ordinary answer has. Returns how to stop looking. */
export function watchWire(bytesRead: () => number, end: () => void): () => void {
  const timer = setInterval(() => {
    if (bytesRead() > wireLimit) end()
  }, 20)
  return () => clearInterval(timer)
}

/** Asks one after the other; a view that is not there or not permitted leaves the others alone. */
export async function askAll(
  connection: Pick<Connection, 'ask'>,
  questions: readonly Question[],
  codeOf: (cause: unknown) => DatabaseCode | undefined,
): Promise<DatabaseView[]> {
  const views: DatabaseView[] = []
  for (const question of questions) {
    try {
      views.push(toView(question, await connection.ask(question.sql)))
    } catch (cause) {
      const code = cause instanceof Unanswered && cause.code === 'answer-malformed' ? cause.code : codeOf(cause)
      if (code === undefined) throw cause
      const says = cause instanceof Error ? cause.message : String(cause)
      views.push({ view: question.view, rows: [], missing: { code, says: oneLine(says) } })
    }
  }
  return views
}

/** A server chooses its words: they are cut, and what steers a terminal is taken out. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, ' ').slice(0, 200)
}
