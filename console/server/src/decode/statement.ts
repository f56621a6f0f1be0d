import type { Message } from './decoder.ts'

type Meaning = Message['event']

const account = (type: readonly string[], action: string): Meaning => ({
  category: ['database', 'iam'],
  type: [...type, 'user'],
  action,
})

/** What a statement of SQL does, where it is more than reading and writing rows. Asked in this order. */
const special: readonly (readonly [RegExp, Meaning])[] = [
  [/^create (?:or replace )?(?:role|user|login)\b/, account(['creation'], 'user-created')],
  [/^alter (?:role|user|login)\b/, account(['change'], 'user-changed')],
  [/^set password\b/, account(['change'], 'user-changed')],
  [/^drop (?:role|user|login)\b/, account(['deletion'], 'user-deleted')],
  [/^grant\b/, account(['change'], 'privilege-granted')],
  [/^revoke\b/, account(['change'], 'privilege-revoked')],
  [/^copy\b.{0,2000}\b(?:to|from) program\b/s, { category: ['database'], type: ['change'], action: 'program-run' }],
  [/\binto (?:outfile|dumpfile)\b/, { category: ['database'], type: ['access'], action: 'rows-exported' }],
  [/^copy\b.{0,2000}\bto\b/s, { category: ['database'], type: ['access'], action: 'rows-exported' }],
  [/^drop (?:table|database|schema)\b/, { category: ['database'], type: ['change'], action: 'data-dropped' }],
  [/^truncate\b/, { category: ['database'], type: ['change'], action: 'data-dropped' }],
  [
    /^(?:alter system|set (?:global|persist)\b|reset persist\b)/,
    { category: ['database', 'configuration'], type: ['change'], action: 'setting-changed' },
  ],
]

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
  for (const [pattern, meaning] of special) if (pattern.test(text)) return meaning
  const verb = /^[a-z]{1,20}/.exec(text)?.[0] ?? ''
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
