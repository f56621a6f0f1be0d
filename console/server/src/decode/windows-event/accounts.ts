import { putter, type Rule, text, textIn } from './rule.ts'

/** Who did it, as the Security log names them. */
export const subject: readonly Rule[] = [
  text('SubjectUserSid', 'user.id'),
  text('SubjectUserName', 'user.name'),
  text('SubjectDomainName', 'user.domain'),
  text('SubjectLogonId', 'winlog.logon.id'),
]

/** Whom it was done to. */
export const targetUser: readonly Rule[] = [
  text('TargetSid', 'user.target.id'),
  text('TargetUserName', 'user.target.name'),
  text('TargetDomainName', 'user.target.domain'),
]

export const targetGroup: readonly Rule[] = [
  text('TargetSid', 'group.id'),
  text('TargetUserName', 'group.name'),
  text('TargetDomainName', 'group.domain'),
]

const putMember = putter('user.target.name')

/** The member of a group, by its distinguished name: `CN=Ana Ruiz,OU=Staff,DC=broker,DC=example`. */
export const member: readonly Rule[] = [
  text('MemberSid', 'user.target.id'),
  (document, fields) => putMember(document, commonName(textIn(fields, 'MemberName'))),
]

/** A comma of the name itself has a backslash before it (RFC 4514 2.4). */
function commonName(name: string | undefined): string | undefined {
  if (name === undefined || !name.toUpperCase().startsWith('CN=')) return name
  let end = name.indexOf(',')
  while (end > 0 && name[end - 1] === '\\') end = name.indexOf(',', end + 1)
  return name.slice(3, end < 0 ? undefined : end).replaceAll('\\,', ',')
}
