import { toEnd } from '../address.ts'
import type { Event, Message } from '../decoder.ts'
import { addMessage } from '../document.ts'
import { accountSentences } from '../mysql-account.ts'
import { meanings, readSentence } from '../sentence.ts'
import { statementMeaning, withoutSecrets } from '../statement.ts'
import type { Asked } from './line.ts'

export const dataset = 'mysql-general'
const service = { name: 'mysqld' }

/** Adds to the event what was asked, and by which connection. */
export function addAsked(event: Event, { connection, command, argument }: Asked): void {
  event.message = withoutSecrets(`${command} ${argument}`.trim())
  addMessage(event, dataset, messageOf(command, argument))
  event.tidewaiter.connection = connection
  event.tidewaiter.command = command
}

const statements = new Set(['Query', 'Execute', 'Prepare', 'Bulk_execute'])

function messageOf(command: string, argument: string): Message {
  if (command === 'Connect' || command === 'Change user') return signIn(argument)
  if (statements.has(command))
    return { event: statementMeaning(argument), service, tidewaiter: { statement: withoutSecrets(argument) } }
  if (command === 'Quit') return { event: meanings.sessionClosed, service }
  if (command === 'Shutdown')
    return { event: { category: ['process'], type: ['end'], action: 'server-stopped' }, service }
  const denied = readSentence(accountSentences, argument, service.name)
  return denied ?? { event: { category: ['database'], type: ['info'] }, service }
}

const began =
  /^(?<user>.*)@(?<host>[^@\s]{0,255}) (?:as (?<as>\S{0,128}) )?on (?<database>\S{0,128})(?: using (?<transport>[\w/ ]{1,20}))?$/

/** The server writes this line before it asks for the password: only a refusal comes after it as a line of its own. */
function signIn(argument: string): Message {
  const denied = readSentence(accountSentences, argument, service.name)
  if (denied !== undefined) return denied
  const said = began.exec(argument)?.groups
  const message: Message = { event: { ...meanings.undecided }, service }
  if (said === undefined) return message
  const { user, host, database, transport } = said
  if (user) message.user = { name: user }
  if (host && transport !== 'Socket') message.source = toEnd(host)
  message.tidewaiter = { ...(database && { database }), ...(transport && { transport }) }
  return message
}
