import type { Message, MessageDecoder } from '../decoder.ts'
import { type Said, sentences } from './sentences.ts'

const mostCharacters = 2048

/** Accounts and groups of the host, as the tools say that change them. */
export const shadow: MessageDecoder = {
  id: 'shadow',
  title: 'Account tools (useradd, usermod, userdel, groupadd, groupmod, groupdel, gpasswd, passwd, chage and others)',
  programs: [
    'useradd',
    'usermod',
    'userdel',
    'newusers',
    'groupadd',
    'groupmod',
    'groupdel',
    'groupmems',
    'gpasswd',
    'passwd',
    'chpasswd',
    'chgpasswd',
    'chage',
    'chsh',
    'chfn',
  ],
  decode(text, program) {
    if (text.length > mostCharacters) return undefined
    for (const { pattern, ...what } of sentences) {
      const said: Said | undefined = pattern.exec(text)?.groups
      if (said !== undefined) return toMessage(said, what, program)
    }
    return undefined
  },
}

type What = Omit<(typeof sentences)[number], 'pattern'>

function toMessage(said: Said, { action, type, outcome }: What, program: string): Message {
  const message: Message = {
    event: { category: ['iam'], type, action, outcome: outcome ?? 'success' },
    service: { name: program },
  }
  const target = targetOf(said)
  if (said.by !== undefined || target !== undefined)
    message.user = { ...(said.by !== undefined && { name: said.by }), ...(target && { target }), ...changesOf(said) }
  const group = groupOf(said)
  if (group !== undefined) message.group = group
  const details = detailsOf(said)
  if (Object.keys(details).length > 0) message.tidewaiter = details
  return message
}

function targetOf({ target, id, groupId }: Said): Record<string, unknown> | undefined {
  if (target === undefined) return undefined
  return { name: target, ...(id !== undefined && { id }), ...(groupId !== undefined && { group: { id: groupId } }) }
}

/** The number of a new account's group says nothing of another group. */
function groupOf({ target, group, groupId }: Said): Record<string, unknown> | undefined {
  if (group !== undefined) return groupId === undefined ? { name: group } : { name: group, id: groupId }
  return target === undefined && groupId !== undefined ? { id: groupId } : undefined
}

/** ECS has a place for an account's new name and number; every change stands under `tidewaiter.change`. */
function changesOf({ target, field, after }: Said): Record<string, unknown> {
  if (target === undefined) return {}
  if (field === 'name') return { changes: { name: after } }
  return field === 'UID' ? { changes: { id: after } } : {}
}

function detailsOf({ field, before, after, home, shell, members }: Said): Record<string, unknown> {
  const details: Record<string, unknown> = {}
  if (field !== undefined) details.change = { field, ...(before !== undefined && { before }), after }
  if (home !== undefined) details.home = home
  if (shell !== undefined) details.shell = shell
  if (members !== undefined) details.members = members === '' ? [] : members.split(',')
  return details
}
