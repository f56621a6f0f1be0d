import { readFileSync, statSync } from 'node:fs'
import { parseRecipient } from '@tidewaiter/protocol/node/age'
import { errnoOf, refuse } from '../error.ts'
import { parseJson } from '../json.ts'

const mostBytes = 64 * 1024
const mostRecipients = 20

/**
 * The keys a collection is encrypted to, each of which can open it alone: a file of lines `age1...` (# begins a comment),
 * or what `tidewaiter keys show --json` prints, of which the keys named collection and recovery are taken.
 * @throws `keys-malformed`
 */
export function readRecipients(path: string): Uint8Array[] {
  const text = textOf(path)
  const named = (namesIn(parseJson(text)) ?? linesOf(text)).slice(0, mostRecipients)
  const recipients = named.map((name) => {
    const recipient = parseRecipient(name)
    if (recipient === undefined) throw wrong(path, `"${shown(name)}" is no key of age, or was mistyped`)
    return recipient
  })
  if (recipients.length === 0) throw wrong(path, 'no key of age (age1...) is in it')
  return recipients
}

/** What was mistyped is shown, the inside of some other file is not. */
function shown(name: string): string {
  return /^[\x21-\x7e]{1,80}$/.test(name) ? name : 'what stands there'
}

function wrong(path: string, says: string) {
  return refuse(
    'keys-malformed',
    `${path}: ${says}. Make the file on the console's machine: tidewaiter keys show --json > FILE`,
  )
}

function textOf(path: string): string {
  try {
    if (statSync(path).size > mostBytes) throw wrong(path, 'it is larger than a list of keys')
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause
    throw wrong(path, `it cannot be read (${errnoOf(cause)})`)
  }
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}

/** Undefined for what is no list of keys as the console prints it. */
function namesIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.flatMap((card: unknown) => {
    const key = typeof card === 'object' && card !== null && 'publicKey' in card ? card.publicKey : undefined
    return typeof key === 'string' && key.startsWith('age1') ? [key] : []
  })
}
