import { writeSync } from 'node:fs'
import type { DatabaseServer } from '@tidewaiter/protocol'
import type { DatabaseAnswer, DatabaseCode } from '../host.ts'
import { Unanswered } from './database/answer.ts'
import { askAll, oneLine } from './database/connection.ts'
import { childLimitMs } from './database/limits.ts'
import { readPassword } from './database/password.ts'

// Asks one database server in a process of its own, and says what it answered as one document of JSON.

let password: string | undefined

/** Loaded when it is needed: a driver takes a quarter of the memory of this process. */
async function engineOf({ engine }: DatabaseServer) {
  if (engine === 'postgresql') {
    const { loginCodeOf, openPostgresql, postgresqlQuestions, viewCodeOf } = await import('./database/postgresql.ts')
    return { open: openPostgresql, questions: postgresqlQuestions, viewCodeOf, loginCodeOf }
  }
  const { loginCodeOf, mysqlQuestions, openMysql, viewCodeOf } = await import('./database/mysql.ts')
  return { open: openMysql, questions: mysqlQuestions, viewCodeOf, loginCodeOf }
}

async function answerOf(server: DatabaseServer): Promise<DatabaseAnswer> {
  if (server.passwordFile !== undefined) password = readPassword(server.passwordFile)
  if (server.engine === 'sql-server') {
    const { askSqlServer } = await import('./database/sql-server.ts')
    return { views: await askSqlServer(server, password) }
  }
  const { open, questions, viewCodeOf, loginCodeOf } = await engineOf(server)
  const connection = await open(server, password).catch((cause: unknown) => {
    throw cause instanceof Unanswered ? cause : new Unanswered(loginCodeOf(cause) ?? codeOf(cause), wordsOf(cause))
  })
  return { views: await askAll(connection, questions, viewCodeOf) }
}

/** What is no answer of the server: of the network, or of the driver that could not read it. */
function codeOf(cause: unknown): DatabaseCode {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (/^(ERR_TLS|CERT_|UNABLE_|DEPTH_|SELF_SIGNED|HANDSHAKE_SSL|HANDSHAKE_NO_SSL|ERR_SSL)/.test(code))
    return 'tls-refused'
  if (/^(E[A-Z]+|PROTOCOL_CONNECTION_LOST)$/.test(code)) return 'not-reachable'
  return /SSL|certificate/.test(wordsOf(cause)) ? 'tls-refused' : 'answer-malformed'
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function say(answer: DatabaseAnswer): never {
  const bytes = Buffer.from(JSON.stringify(answer, withoutPassword))
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
  process.exit(0)
}

/** A server may send back what it was sent. */
function withoutPassword(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || password === undefined || key === 'view' || key === 'code') return value
  return value.replaceAll(password, '(password)')
}

function fail(cause: unknown): never {
  const code = cause instanceof Unanswered ? cause.code : codeOf(cause)
  say({ code, says: oneLine(wordsOf(cause)) })
}

const mostMs = Number(process.argv[3] ?? childLimitMs)
setTimeout(() => fail(new Unanswered('too-slow', `It did not answer within ${mostMs / 1000} s.`)), mostMs)
process.on('uncaughtException', fail)
// The agent gives only what its configuration was checked for.
answerOf(JSON.parse(process.argv[2] ?? '{}') as DatabaseServer).then(say, fail)
