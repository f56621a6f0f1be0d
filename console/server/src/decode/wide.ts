/**
 * UTF-16 between two places; half a character at the end is left out here. Node does that too, but where the place is
 * odd it writes the half behind its own memory (nodejs/node#64697, seen with 24.21.0), and any log may have such a value.
 */
export function wideText(bytes: Buffer, at: number, end: number): string {
  return bytes.toString('utf16le', at, end - ((end - at) & 1))
}
