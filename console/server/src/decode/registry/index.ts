import { damagedEvent } from '../damaged-event.ts'
import type { DecodeContext, DecodeRecord, Decoder, Decoding } from '../decoder.ts'
import { isHiveHead } from './base-block.ts'
import { bins } from './cut.ts'
import { fileEvents } from './file-events.ts'
import { newPieces } from './pieces.ts'
import { dataset } from './told.ts'

/**
 * Hives of the Windows registry, with their transaction logs where they lie beside them; and such logs alone. A hive is
 * only understood as a whole, so that all its events come at its end.
 */
export const registry: Decoder = {
  id: dataset,
  title: 'Windows registry hive (regf) and its logs',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: isHiveHead,
  isWholeFile: true,
  cut: bins,
  beside: (name) => ['.LOG1', '.LOG2', '.LOG'].map((ending) => `${name}${ending}`),
  start: begin,
}

/**
 * Hives are whole files. Where the records come in batches all the same, a hive is more than a state may hold: it keeps
 * how much of it there was, and the next event says that it was given up.
 */
interface State {
  bytes: number
}

function begin(context: DecodeContext, state: unknown): Decoding {
  // Our own, as `state` gave it.
  const givenUp = (state as State | undefined)?.bytes ?? 0
  const pieces = newPieces()
  let first: DecodeRecord | undefined

  return {
    push(record) {
      const isFirst = first === undefined
      first ??= record
      pieces.add(record)
      if (!isFirst || givenUp === 0) return []
      const says = `${givenUp} bytes of a hive came before, and are not held any more: it is not read.`
      return [damagedEvent(record, dataset, { code: 'ends-early', says })]
    },
    end: () => (first === undefined ? [] : fileEvents(pieces, first, context)),
    state: () => (pieces.bytes() + givenUp === 0 ? undefined : ({ bytes: pieces.bytes() + givenUp } satisfies State)),
  }
}
