import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { fileOf, notHashed, type Said, systemDecoder, textsIn } from '../system-row.ts'
import { instant } from '../time.ts'
import { macosPasswordOf } from './macos.ts'
import { windowsAccounts } from './windows.ts'

/** Rows of the agent's snapshots of who may enter a host and what they may do there. */
export const accounts: Decoder = systemDecoder({
  id: 'account',
  title: 'Accounts, groups, password states, sudo rules and authorized keys of a host',
  kinds: {
    ...windowsAccounts,
    account: { category: 'iam', type: 'user', say: sayAccount },
    password: { category: 'iam', type: 'user', say: sayPassword },
    group: { category: 'iam', type: 'group', say: sayGroup },
    'sudo-rule': { category: 'configuration', say: sayRule },
    'authorized-keys': { category: 'file', say: sayKeyFile },
    'authorized-key': { category: 'iam', type: 'user', say: sayKey },
  },
})

function sayAccount(row: Row): Said | undefined {
  const name = textIn(row, 'name')
  if (name === undefined) return undefined
  const [id, group] = [countIn(row, 'uid'), countIn(row, 'gid')]
  const user = defined({
    name,
    id: id === undefined ? undefined : `${id}`,
    full_name: textIn(row, 'gecos'),
    group: group === undefined ? undefined : { id: `${group}` },
  })
  const shell = textIn(row, 'shell')
  return {
    message: [name, ...(id === undefined ? [] : [`${id}`]), ...(shell === undefined ? [] : [shell])].join(' '),
    fields: { user },
    more: defined({ home: textIn(row, 'home'), shell, ...passwordOf(row) }) ?? {},
  }
}

function passwordOf(row: Row): Record<string, unknown> {
  return {
    password: textIn(row, 'password'),
    password_locked: row.locked === true ? true : undefined,
    password_algorithm: textIn(row, 'algorithm'),
  }
}

function sayPassword(row: Row): Said | undefined {
  const name = textIn(row, 'name')
  if (name === undefined) return undefined
  const changed = dayOf(row, 'lstchg')
  const more = defined({
    ...passwordOf(row),
    ...macosPasswordOf(row),
    ...(changed !== undefined && { password_changed: changed }),
    // A 0 asks for a new one at the next sign-in (shadow(5)).
    password_must_change: countIn(row, 'lstchg') === 0 ? true : undefined,
    password_lasts_days: countIn(row, 'max'),
    account_expires: dayOf(row, 'expire'),
  })
  const state = [textIn(row, 'password') ?? '', ...(row.locked === true ? ['locked'] : [])].join(', ')
  const since = changed === undefined ? '' : `, changed ${changed.slice(0, 10)}`
  return { message: `password of ${name}: ${state}${since}`, fields: { user: { name } }, more: more ?? {} }
}

/** Day since 1970 as the instant it began in UTC: shadow(5) says no more. */
function dayOf(row: Row, name: string): string | undefined {
  const days = countIn(row, name)
  return days === undefined || days === 0 ? undefined : instant(days * 86_400, '')
}

function sayGroup(row: Row): Said | undefined {
  const name = textIn(row, 'name')
  if (name === undefined) return undefined
  const id = countIn(row, 'gid')
  const members = textsIn(row, 'members')
  return {
    message: `${name}: ${members.join(', ')}`,
    fields: { group: { name, ...(id !== undefined && { id: `${id}` }) } },
    more: members.length > 0 ? { members } : {},
  }
}

function sayRule(row: Row): Said | undefined {
  const rule = textIn(row, 'text')
  if (rule === undefined) return undefined
  const file = fileOf(row)
  return {
    message: rule,
    fields: file === undefined ? {} : { file },
    more: defined({ line: countIn(row, 'line') }) ?? {},
  }
}

function sayKeyFile(row: Row): Said | undefined {
  const [file, name] = [fileOf(row), textIn(row, 'account')]
  if (file === undefined || name === undefined) return undefined
  return { message: `${file.path} opens ${name}`, fields: { file, user: { name } }, more: notHashed(row) }
}

function sayKey(row: Row): Said | undefined {
  const [name, fingerprint] = [textIn(row, 'account'), textIn(row, 'fingerprint')]
  if (name === undefined || fingerprint === undefined) return undefined
  const [type, comment] = [textIn(row, 'type'), textIn(row, 'comment')]
  const file = fileOf(row)
  return {
    message: [fingerprint, type, comment, 'opens', name].filter((part) => part !== undefined).join(' '),
    fields: { user: { name }, ...(file && { file }) },
    more: { key: defined({ fingerprint, type, comment, options: textIn(row, 'options') }) },
  }
}
