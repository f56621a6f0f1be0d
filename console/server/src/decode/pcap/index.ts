import type { DecodeRecord, Decoder, Decoding, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { captures } from './cut.ts'
import { dissect } from './dissect.ts'
import { dataset, flowEvent } from './event.ts'
import { formatAt } from './format.ts'
import { newFrame } from './frame.ts'
import { newLayers } from './layers.ts'
import { captureReader, type ReaderState } from './reader.ts'
import { count, newSummary, summaryEvent } from './summary.ts'
import { flowTable } from './table.ts'

/** Captures of packets become flows; the protocol of a flow is found by what was sent, never by its port. */
export const pcap: Decoder = {
  id: dataset,
  title: 'Packet capture (pcap, pcapng)',
  reads: ({ source }) => source === 'capture' || source.startsWith('capture:'),
  detects: (sample) => {
    const format = formatAt(sample, 0)
    return format !== undefined && format !== 'none'
  },
  cut: captures,
  start: (_, state) => begin(state),
}

/**
 * Captures are whole files, so that every flow ends with its file at the latest (`end`). Where the records come in
 * batches all the same, open flows are more than a state may hold: it keeps how to read on and how many flows were open,
 * and the next event says that they were given up.
 */
interface State {
  reader: ReaderState
  open: number
}

/** Records that cannot be read are told one by one up to here. */
const mostRemarks = 100
const nothing: Event[] = []

function begin(state: unknown): Decoding {
  // Our own, as `state` gave it.
  const saved = state as State | undefined
  const [frame, layers, summary] = [newFrame(), newLayers(), newSummary()]
  const reader = captureReader(frame, saved?.reader)
  const table = flowTable((flow, end) => events.push(flowEvent(flow, end)))
  let events: Event[] = []
  let remarks = 0
  let givenUp = saved?.open ?? 0
  let last: DecodeRecord | undefined

  function remark(record: DecodeRecord, says: string): void {
    if (remarks++ < mostRemarks) events.push(unreadable(record, dataset, { says, text: '' }))
  }

  function take(): Event[] {
    if (events.length === 0) return nothing
    const taken = events
    events = []
    return taken
  }

  return {
    push(record) {
      last = record
      if (givenUp > 0) remark(record, `${givenUp} flows were open when reading stopped; what was before is not told.`)
      givenUp = 0
      const says = reader.read(record.bytes)
      if (typeof says === 'object') remark(record, says.says)
      if (says !== 'packet') return take()
      const dissected = dissect(frame, layers)
      count(summary, frame, dissected)
      if (dissected === 'flow') table.add(layers, frame, record.id)
      return take()
    },
    end() {
      table.endAll()
      const says = reader.end()
      if (last !== undefined && says !== undefined) remark(last, says)
      if (last !== undefined && (summary.packets > 0 || reader.isCapture()))
        events.push(summaryEvent(summary, { record: last.id, drops: reader.drops() }))
      return take()
    },
    state: () =>
      table.count() === 0 && !reader.isCapture() ? undefined : { reader: reader.state(), open: table.count() },
  }
}
