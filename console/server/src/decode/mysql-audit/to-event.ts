import type { Message } from '../decoder.ts'
import { meanings, toEndpoint } from '../sentence.ts'
import { statementMeaning, withoutSecrets } from '../statement.ts'
import type { Audited } from './said.ts'

export const dataset = 'mysql-audit'

const account: Readonly<Record<string, Message['event']>> = {
  CONNECT: meanings.signedIn,
  PROXY_CONNECT: meanings.signedIn,
  FAILED_CONNECT: meanings.notSignedIn,
  DISCONNECT: meanings.sessionClosed,
  CHANGEUSER: { ...meanings.signedIn, outcome: 'unknown' },
}

const tables: Readonly<Record<string, Message['event']>> = {
  READ: { category: ['database'], type: ['access'], action: 'table-read' },
  WRITE: { category: ['database'], type: ['change'], action: 'table-written' },
  CREATE: { category: ['database'], type: ['change'], action: 'table-created' },
  ALTER: { category: ['database'], type: ['change'], action: 'table-changed' },
  RENAME: { category: ['database'], type: ['change'], action: 'table-changed' },
  DROP: { category: ['database'], type: ['change'], action: 'data-dropped' },
}

const doubt = 'The text can be read in more than one way, so that what could be either is left out.'

/** What an audited operation means. */
export function messageOf(audited: Audited): Message {
  const { operation, user, host, connection, database, object, code, isDoubtful } = audited
  const statement = audited.statement === undefined ? undefined : withoutSecrets(audited.statement)
  const message: Message = { event: { ...meaningOf(operation, statement) }, service: { name: 'mysqld' } }
  if (code !== undefined && code !== 0) message.event.code = String(code)
  if (statement !== undefined && code !== undefined) message.event.outcome = code === 0 ? 'success' : 'failure'
  const details = { operation, connection, database, object, statement, ...(isDoubtful === true && { doubt }) }
  message.tidewaiter = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
  if (isDoubtful === true) {
    if (message.event.outcome === 'success') message.event.outcome = 'unknown'
    return message
  }
  if (user !== undefined) message.user = { name: user }
  if (host !== undefined) message.source = toEndpoint(host)
  return message
}

function meaningOf(operation: string, statement: string | undefined): Message['event'] {
  if (statement !== undefined && operation.startsWith('QUERY')) return statementMeaning(statement)
  if (Object.hasOwn(account, operation)) return account[operation] ?? {}
  if (Object.hasOwn(tables, operation)) return tables[operation] ?? {}
  return { category: ['database'], type: ['info'] }
}
