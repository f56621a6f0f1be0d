import type { Cut, Cutter } from '../cut.ts'
import { type Encoding, encodingOf } from '../encoded-text.ts'
import { view } from '../text.ts'

const end = '</Event>'
const marks: Readonly<Record<Encoding, Buffer>> = {
  'utf-8': Buffer.from(end),
  'utf-16le': Buffer.from(end, 'utf16le'),
  'utf-16be': Buffer.from(end, 'utf16le').swap16(),
}

/** One record an event, with what stands before it: a line end, and before the first one the declaration and `<Events>`. */
export const events: Cutter = {
  begin() {
    let mark: Buffer | undefined
    return (bytes, from): ReturnType<Cut> => {
      mark ??= marks[encodingOf(bytes.subarray(from, from + 2))]
      const at = view(bytes).indexOf(mark, from)
      return at < 0 ? undefined : { end: at + mark.length, next: at + mark.length }
    }
  },
}
