import type { Message } from './decoder.ts'

type Meaning = Message['event']

const account = (type: readonly string[], action: string): Meaning => ({
  category: ['database', 'iam'],
  type: [...type, 'user'],
  action,
})

const changing = (action: string): Meaning => ({ category: ['database'], type: ['change'], action })
const exporting: Meaning = { category: ['database'], type: ['access'], action: 'rows-exported' }
const configuring: Meaning = { category: ['database', 'configuration'], type: ['change'], action: 'setting-changed' }

/** What a statement of SQL does, where it is more than reading and writing rows: by its first word, asked in this order. */
const special: Readonly<Record<string, readonly (readonly [RegExp, Meaning])[]>> = {
  create: [[/^create (?:or replace )?(?:role|user|login)\b/, account(['creation'], 'user-created')]],
  alter: [
    [/^alter (?:role|user|login)\b/, account(['change'], 'user-changed')],
    [/^alter system\b/, configuring],
  ],
  set: [
    [/^set password\b/, account(['change'], 'user-changed')],
    [/^set (?:global|persist)\b/, configuring],
  ],
  reset: [[/^reset persist\b/, configuring]],
  drop: [
    [/^drop (?:role|user|login)\b/, account(['deletion'], 'user-deleted')],
    [/^drop (?:table|database|schema)\b/, changing('data-dropped')],
  ],
  truncate: [[/^truncate\b/, changing('data-dropped')]],
  grant: [[/^grant\b/, account(['change'], 'privilege-granted')]],
  revoke: [[/^revoke\b/, account(['change'], 'privilege-revoked')]],
  copy: [
    [/^copy\b.{0,2000}\b(?:to|from) program\b/s, changing('program-run')],
    [/^copy\b.{0,2000}\bto\b/s, exporting],
  ],
}

const words = (text: string) => new Set(text.split(' '))
const reading = words('select show explain describe desc declare fetch values table help use with')
const writing = words(
  'insert update delete merge replace create alter drop rename comment load import copy bulk backup restore exec execute call',
)

/** Comments may be as long as the statement: only its beginning is looked at. */
const mostCharacters = 4096

/** What a statement of SQL means, by its first words: what is behind them is not read as a parser would. */
export function statementMeaning(sql: string): Meaning {
  const text = bare(sql.slice(0, mostCharacters)).toLowerCase()
  const verb = /^[a-z]{1,20}/.exec(text)?.[0] ?? ''
  for (const [pattern, meaning] of Object.hasOwn(special, verb) ? (special[verb] ?? []) : [])
    if (pattern.test(text)) return meaning
  if (text.includes('into outfile') || text.includes('into dumpfile')) return exporting
  const type = reading.has(verb) ? 'access' : writing.has(verb) ? 'change' : 'info'
  return { category: ['database'], type: [type], action: 'statement' }
}

/** The statement without comments and blanks before it. */
function bare(sql: string): string {
  let text = sql.trimStart()
  for (;;) {
    const end = text.startsWith('/*') ? text.indexOf('*/') + 2 : text.startsWith('--') ? text.indexOf('\n') + 1 : 0
    if (end < 2) return text
    text = text.slice(end).trimStart()
  }
}

const secret =
  /\b(password|identified (?:with [\w.'"`]{1,64} )?(?:by|as)(?: password)?)( {0,8}[=(]? {0,8})(?:'(?:[^'\\]|\\.|'')*'|"[^"]*")/gi

/** The statement as it may be searched and shown: a password that was given in it is not kept beside its record. */
export function withoutSecrets(sql: string): string {
  return /password|identified/i.test(sql) ? sql.replace(secret, "$1$2'*****'") : sql
}
