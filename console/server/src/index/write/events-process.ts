import { hideDocument } from '../hide-document.ts'
import type { BareRow, Order } from '../messages.ts'
import type { Opened, Placed } from './decode-one.ts'
import { openEventsIndexing } from './events-indexing.ts'
import { at, type Value } from './row.ts'
import { endWriter, runWriter, type Tools } from './writing.ts'

/** Rows that are told of one transaction. */
const mostRows = 200

/** What a transaction brought, for those who look at it. */
function openNotes({ privacy }: Tools) {
  let events = 0
  let hosts = new Set<string>()
  let marked = false
  let rows: BareRow[] = []
  let watched: ReadonlySet<string> = new Set()
  return {
    watch(ids: readonly string[]) {
      watched = new Set(ids)
    },
    mark() {
      marked = true
    },
    put({ entry }: Opened, { made, position }: Placed, row: readonly Value[]) {
      events += 1
      hosts.add(entry.host)
      if (!watched.has(entry.host)) return
      rows.push(toBareRow({ made, position, row, host: entry.host, receivedAtMs: entry.receivedAtMs }))
      if (rows.length > 2 * mostRows) rows = rows.slice(-mostRows)
    },
    take() {
      const shown = rows.slice(-mostRows).map((row) => ({ ...row, document: hideDocument(row.document, privacy) }))
      const taken = { events, hosts: [...hosts], rows: shown, sightings: 0, marks: marked }
      events = 0
      hosts = new Set()
      marked = false
      rows = []
      return taken
    },
  }
}

interface Noted extends Pick<Placed, 'made' | 'position'> {
  row: readonly Value[]
  host: string
  receivedAtMs: number
}

function toBareRow({ made, position, row, host, receivedAtMs }: Noted): BareRow {
  const time = (ms: Value | undefined) => new Date(Number(ms)).toISOString()
  return {
    record: made.event.tidewaiter.record,
    host,
    source: made.source,
    at: time(row[at]),
    hostAt: time(row[1]),
    readAt: time(row[2]),
    receivedAt: time(receivedAtMs),
    position,
    document: made.event,
  }
}

runWriter('events', (tools) => {
  const { argument, privacy, earlier, tell } = tools
  const notes = openNotes(tools)
  const indexing = openEventsIndexing({
    dir: argument.dir,
    detectors: argument.detectors,
    privacy,
    earlier,
    put: notes.put,
    marked: notes.mark,
  })
  return {
    indexing,
    news: notes.take,
    obey(order: Order) {
      if (order.type === 'watch') notes.watch(order.hosts)
      if (order.type !== 'judged') return
      indexing.clear(order.windows)
      tell({ type: 'done', ask: order.ask, indicators: 0, ended: 0 })
    },
  }
}).then(() => process.exit(0), endWriter)
