import { hash, randomInt, timingSafeEqual } from 'node:crypto'
import type { Setup } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import type { Store } from '../store/store.ts'
import { writeAlone } from '../store/write-alone.ts'
import { setBroker } from './broker.ts'
import { hashLongEnough, hasPeople, insertPerson } from './people.ts'

/** The one-time code the terminal prints: whoever can read the terminal may set the console up. */
export interface SetupCode {
  text: string
  /** Milliseconds UTC. */
  expiresMs: number
}

const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const validMs = 15 * 60_000

/** 8 letters of 30 without look-alikes: 39 bits, tried against a rate limit for 15 minutes. */
export function newSetupCode(nowMs: number): SetupCode {
  const draw = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return { text: `${draw()}-${draw()}`, expiresMs: nowMs + validMs }
}

/** Sets the console up: broker and first admin. Works once. Throws `setup-done`, `setup-code-wrong`, `input-malformed`. */
export async function setUp(
  store: Store,
  { code, broker, name, email, password, zone }: Setup,
  expected: SetupCode,
  nowMs: number,
): Promise<string> {
  if (await hasPeople(store)) throw done()
  if (nowMs > expected.expiresMs)
    throw refuse('setup-code-wrong', 'The code is older than 15 minutes. Restart the console: it prints a new one.')
  if (!sameText(code.trim().toUpperCase(), expected.text))
    throw refuse('setup-code-wrong', 'The code does not fit. Copy it from the terminal in which the console runs.')
  const by = { who: email.toLowerCase(), at: new Date(nowMs).toISOString() }
  const passwordHash = await hashLongEnough(password)
  return store.transaction().execute(async (tx) => {
    // Of two who have the code only one becomes the first.
    await writeAlone(tx, 'person')
    if (await hasPeople(tx)) throw done()
    const id = await insertPerson(tx, { email, name, role: 'admin', passwordHash }, by)
    await setBroker(tx, { ...broker, zone }, by)
    return id
  })
}

function done() {
  return refuse('setup-done', 'This console is already set up.')
}

/** Compares hashes, which are of one length whatever was typed, and in a time that tells nothing. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
}
