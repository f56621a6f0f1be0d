import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse } from '../error.ts'

/** What a child process needs of the keys: one to read payloads, one to hide numbers in the index. 32 bytes each. */
export interface Secrets {
  masterKey: Uint8Array
  indexKey: Uint8Array
}

/** Reads them from the keys folder. Throws `keys-damaged`. */
export function loadSecrets(dir: string): Secrets {
  return { masterKey: readSecret(join(dir, 'master.key')), indexKey: readSecret(join(dir, 'index.key')) }
}

function readSecret(file: string): Uint8Array {
  try {
    return parseSecret(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw refuse('keys-damaged', `${file} cannot be read as a key.`, { cause })
  }
}

/** 32 bytes from one line of hex. Throws a TypeError on anything else. */
export function parseSecret(text: string): Uint8Array {
  const hex = text.trim()
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new TypeError('not 32 bytes in hex')
  return Buffer.from(hex, 'hex')
}
