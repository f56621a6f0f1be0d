import { defined, type Row, textIn } from '../row.ts'
import { type Kind, type Said, textsIn } from '../system-row.ts'
import { sidIn, windowsTime } from '../windows-row.ts'

/** Rows of Get-LocalUser and Get-LocalGroup. One that ended has its identifier alone. */
export const windowsAccounts: Readonly<Record<string, Kind>> = {
  'local-user': { category: 'iam', type: 'user', say: sayUser },
  'local-group': { category: 'iam', type: 'group', say: sayGroup },
}

function sayUser(row: Row): Said | undefined {
  const [name, id] = [textIn(row, 'Name'), sidIn(row, 'SID')]
  const said = name ?? id
  if (said === undefined) return undefined
  const isOff = row.Enabled === false
  return {
    message: isOff ? `${said}, disabled` : said,
    fields: { user: defined({ name, id, full_name: textIn(row, 'FullName') }) },
    more:
      defined({
        enabled: typeof row.Enabled === 'boolean' ? row.Enabled : undefined,
        password_required: typeof row.PasswordRequired === 'boolean' ? row.PasswordRequired : undefined,
        password_changed: windowsTime(row, 'PasswordLastSet'),
        password_expires: windowsTime(row, 'PasswordExpires'),
        account_expires: windowsTime(row, 'AccountExpires'),
        last_sign_in: windowsTime(row, 'LastLogon'),
        description: textIn(row, 'Description'),
      }) ?? {},
  }
}

function sayGroup(row: Row): Said | undefined {
  const [name, id] = [textIn(row, 'Name'), sidIn(row, 'SID')]
  const said = name ?? id
  if (said === undefined) return undefined
  const members = textsIn(row, 'Members')
  return {
    message: `${said}: ${members.join(', ')}`,
    fields: { group: defined({ name, id }) },
    more: members.length > 0 ? { members } : {},
  }
}
