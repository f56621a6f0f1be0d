import { type Privacy, replaceNumbers } from './private-numbers.ts'

/** Bytes of a record as lists show them: without private numbers. Whatever else they hold comes back as it was. */
export function hideBytes(bytes: Uint8Array, privacy: Pick<Privacy, 'hide'>): Uint8Array {
  return Buffer.from(privacy.hide(asciiOf(bytes)), 'latin1')
}

/** How many private numbers opening these bytes shows in clear. */
export function privateNumbersIn(bytes: Uint8Array): number {
  let found = 0
  replaceNumbers(asciiOf(bytes), (number) => {
    found += 1
    return number
  })
  return found
}

/** One character a byte: the numbers and the words that name them are ASCII in every text. */
function asciiOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
