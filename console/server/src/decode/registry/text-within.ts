import { wideText } from '../wide.ts'

/** Bytes of data that are looked through, and characters that are taken from it. */
export const mostWithin = 4096
const mostCharacters = 512
/** Shorter ones are there by chance; of UTF-16 every second byte says that it is none. */
const [leastNarrow, leastWide] = [8, 5]

/**
 * Text that stands in data of programs: paths in shortcuts, names in lists of what was opened. UTF-16 and ASCII, each in
 * its order, with blanks between; undefined where there is none.
 */
export function textWithin(data: Buffer): string | undefined {
  const found: string[] = []
  let left = mostCharacters
  for (let at = 0; at < data.length && left > 0; ) {
    const wide = wideEnd(data, at)
    const narrow = wide - at >= leastWide * 2 ? at : narrowEnd(data, at)
    if (wide - at >= leastWide * 2) found.push(wideText(data, at, Math.min(wide, at + left * 2)))
    else if (narrow - at >= leastNarrow) found.push(data.toString('latin1', at, Math.min(narrow, at + left)))
    else {
      at += 1
      continue
    }
    left -= found.at(-1)?.length ?? 0
    at = Math.max(wide - at >= leastWide * 2 ? wide : narrow, at + 1)
  }
  return found.length === 0 ? undefined : found.join(' ')
}

function isPrintable(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 32 && byte < 127
}

function wideEnd(data: Buffer, from: number): number {
  let at = from
  while (at + 1 < data.length && data[at + 1] === 0 && isPrintable(data[at])) at += 2
  return at
}

function narrowEnd(data: Buffer, from: number): number {
  let at = from
  while (at < data.length && isPrintable(data[at])) at += 1
  return at
}
