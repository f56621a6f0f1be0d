import { hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { refuse } from '../error.ts'
import type { Folder } from './folder.ts'
import { sealUnderPassphrase } from './passphrase.ts'

/** All private material, as it lies in the keys folder: file name -> text. */
export type Material = Record<string, string>

const Sealed = Type.Object({ tw: Type.Literal('keys/1'), files: Type.Record(Type.String(), Type.String()) })

/** What is kept of the recovery pair: its public half, whether its private half was given out, and what it can open. */
const RecoveryState = Type.Object({
  recipient: Type.String(),
  createdAt: Type.String(),
  takenAt: Type.Union([Type.String(), Type.Null()]),
  /** SHA-256 of the material in `recovery.age`; null while that file is being replaced. */
  covers: Type.Union([Type.String(), Type.Null()]),
})
type RecoveryState = Static<typeof RecoveryState>

/**
 * The way back when the keys are lost: `recovery.age` holds all of them for a key pair whose private half only the
 * office has. Until it was taken it waits in memory; a pair nobody took is replaced at the next start.
 */
export interface Recovery {
  recipient(): string
  createdAt(): string
  /** True while the private half has not been given out. */
  waits(): boolean
  /** Gives the private half (`AGE-SECRET-KEY-1…`) once; undefined when it was given out before. */
  take(at: string): string | undefined
  /** A new pair; its private half waits to be taken. Copies of `recovery.age` from before stay with the old one. */
  renew(at: string): Promise<void>
  /** Seals changed material for the pair there is. */
  seal(): Promise<void>
  /** `recovery.age` as it is now. */
  file(): Uint8Array
}

export async function openRecovery(folder: Folder, material: () => Material, at: string): Promise<Recovery> {
  let state = readState(folder)
  let waiting: string | undefined
  const write = (next: RecoveryState) => {
    folder.write('recovery.json', `${JSON.stringify(next)}\n`)
    state = next
  }
  const seal = async (current: RecoveryState) => {
    const text = sealedText(material())
    folder.write('recovery.age', await encryptTo(current.recipient, text))
    write({ ...current, covers: hash('sha256', text) })
  }
  const renew = async (createdAt: string) => {
    const identity = await generateX25519Identity()
    const recipient = await identityToRecipient(identity)
    const text = sealedText(material())
    const sealed = await encryptTo(recipient, text)
    // In this order: should we stop in between, `takenAt` null brings a new pair at the next start.
    waiting = undefined
    write({ recipient, createdAt, takenAt: null, covers: null })
    folder.write('recovery.age', sealed)
    write({ recipient, createdAt, takenAt: null, covers: hash('sha256', text) })
    waiting = identity
  }
  if (state?.takenAt == null) await renew(at)
  else if (state.covers !== hash('sha256', sealedText(material())) || folder.read('recovery.age') === undefined)
    await seal(state)
  return {
    recipient: () => known(state).recipient,
    createdAt: () => known(state).createdAt,
    waits: () => known(state).takenAt === null,
    take(takenAt) {
      const identity = waiting
      if (identity !== undefined) write({ ...known(state), takenAt })
      waiting = undefined
      return identity
    },
    renew,
    seal: () => seal(known(state)),
    file: () => folder.read('recovery.age') ?? new Uint8Array(0),
  }
}

/** The public half of the recovery pair in a keys folder; undefined while nobody has taken the private one. */
export function recoveryOf(dir: string): string | undefined {
  const file = join(dir, 'recovery.json')
  const state = readState({ read: () => (existsSync(file) ? readFileSync(file) : undefined) })
  return state?.takenAt == null ? undefined : state.recipient
}

function known(state: RecoveryState | undefined): RecoveryState {
  if (state === undefined) throw new Error('the recovery pair is not there yet')
  return state
}

function readState(folder: Pick<Folder, 'read'>): RecoveryState | undefined {
  const text = folder.read('recovery.json')?.toString()
  if (text === undefined) return undefined
  const value = parseJson(text)
  if (!Value.Check(RecoveryState, value))
    throw refuse('keys-damaged', 'recovery.json in the keys folder is unreadable.')
  return value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function sealedText(files: Material): string {
  return JSON.stringify({ tw: 'keys/1', files } satisfies Static<typeof Sealed>)
}

function encryptTo(recipient: string, text: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return encrypter.encrypt(text)
}

/** The material under a passphrase (age with scrypt), for a safe place. Throws `input-malformed` for a short one. */
export function sealWithPassphrase(material: Material, passphrase: string): Promise<Uint8Array> {
  return sealUnderPassphrase(sealedText(material), passphrase)
}

/** The material in `recovery.age` or in a key export. Throws `keys-damaged` when it does not open. */
export async function openSealed(
  file: Uint8Array,
  secret: { recoveryKey: string } | { passphrase: string },
): Promise<Material> {
  const decrypter = new Decrypter()
  try {
    if ('recoveryKey' in secret) decrypter.addIdentity(secret.recoveryKey.trim())
    else decrypter.addPassphrase(secret.passphrase)
    const value = parseJson(await decrypter.decrypt(file, 'text'))
    if (Value.Check(Sealed, value)) return value.files
  } catch (cause) {
    throw refuse('keys-damaged', 'The sealed keys do not open with this recovery key or passphrase.', { cause })
  }
  throw refuse('keys-damaged', 'The sealed file opens but holds no keys of Tidewaiter.')
}
