import type { Fact, FactState } from '@tidewaiter/protocol/api'
import { plural } from '../../../ui/numbers.ts'
import { formatTime } from '../../../ui/time.ts'
import { secretField } from './editor.ts'

export const stateWords: Record<FactState, string> = {
  answered: 'Known',
  unanswered: 'Not answered',
  'not-known-yet': 'Not known yet',
  'does-not-apply': 'Does not apply',
}

interface NoticeLine {
  label: string
  text: string
  /** False for what is honestly not known, or missing: shown apart. */
  isKnown: boolean
}

export interface Notice {
  to: string
  subject: string
  /** TLP 2.0, above and below the text; the label that packages carry unless another is chosen. */
  marking: string
  lines: readonly NoticeLine[]
}

/** Text of one answer as the SOC will read it: times in UTC, importer numbers counted and never spelled out. */
function textOf({ field, kind, state, value }: Fact): string {
  if (state !== 'answered') return stateWords[state]
  if (kind === 'time')
    return value
      .split('/')
      .map((at) => formatTime(at, { zone: 'UTC', precision: 'minute' }))
      .join(' to ')
  if (field !== secretField) return value
  const count = value.split('\n').filter((line) => line !== '').length
  return `${count} known. The list follows separately, protected.`
}

/** CBP lists known indicators of compromise between personal information and the location of the site. */
export const sectionBeforeIocs = 'Personal information'

interface Known {
  /** How many indicators were met in this incident. */
  met: number
  /** As the settings have it, for as long as the facts do not say who it is. */
  broker: string
}

/** What the SOC will read, in CBP's order. */
export function noticeOf(facts: readonly Fact[], { met, broker }: Known): Notice {
  const said = facts.find(({ field, state }) => field === 'broker' && state === 'answered')?.value.split('\n')[0]
  const name = said ?? (broker === '' ? 'broker not entered yet' : broker)
  const after = facts.findLastIndex(({ section }) => section === sectionBeforeIocs) + 1 || facts.length
  const iocs = {
    label: 'Known indicators of compromise',
    text:
      met === 0
        ? 'None put into this incident yet'
        : `${plural(met, 'indicator')} met here, in the package as CSV and STIX`,
    isKnown: met > 0,
  }
  const lines = facts.map((fact) => ({ label: fact.label, text: textOf(fact), isKnown: fact.state === 'answered' }))
  return {
    to: 'cbpsoc@cbp.dhs.gov',
    subject: `Cyber incident notice, 19 CFR 111.21(b): ${name}`,
    marking: 'TLP:AMBER',
    lines: lines.toSpliced(after, 0, iocs),
  }
}

function bodyOf({ marking, lines }: Notice): string {
  const body = lines.map(({ label, text }) => `${label}\n${text.replace(/^/gm, '  ')}`)
  return `${marking}\n\n${body.join('\n\n')}\n\n${marking}\n`
}

/** The same as plain text for an e-mail. */
export function noticeText(notice: Notice): string {
  return `To: ${notice.to}\nSubject: [${notice.marking}] ${notice.subject}\n\n${bodyOf(notice)}`
}

/** The same as a draft that a mail program opens (RFC 5322): whoever sends it is its sender and gives it its date. */
export function noticeEml(notice: Notice): string {
  const headers = [
    'X-Unsent: 1',
    `To: ${notice.to}`,
    `Subject: ${headerText(`[${notice.marking}] ${notice.subject}`)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ]
  const body = base64(bodyOf(notice).replaceAll('\n', '\r\n')).replace(/.{1,76}/g, '$&\r\n')
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}

/** Encoded words of at most 75 characters (RFC 2047); a line break in the text cannot begin another header. */
function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = []
  let word = ''
  for (const char of text) {
    if (base64(word + char).length > 60) {
      words.push(word)
      word = ''
    }
    word += char
  }
  return [...words, word].map((part) => `=?UTF-8?B?${base64(part)}?=`).join('\r\n ')
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}
