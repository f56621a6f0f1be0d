import { lines } from '../cut.ts'
import type { Decoder } from '../decoder.ts'
import { textEvent } from '../document.ts'
import { toText } from '../text.ts'

/** What no other decoder reads: a line is its own message, and no time is taken from it. */
export const text: Decoder = {
  id: 'text',
  title: 'Any line of text',
  reads: () => true,
  detects: () => true,
  cut: lines,
  start: () => ({
    push: (record) => [textEvent(record, 'text', toText(record.bytes))],
    end: () => [],
    state: () => undefined,
  }),
}
