import type { Order } from '../messages.ts'
import { openValuesIndexing } from './values-indexing.ts'
import { endWriter, runWriter } from './writing.ts'

runWriter('values', ({ argument, privacy, earlier, tell }) => {
  const { dir, mostNewValues } = argument
  const notes = { events: 0, hosts: new Set<string>(), marks: false }
  const indexing = openValuesIndexing({
    dir,
    privacy,
    earlier,
    mostNewValues,
    read(host, events) {
      notes.events += events
      notes.hosts.add(host)
    },
    marked() {
      notes.marks = true
    },
  })
  /** Answers that wait until every new indicator has met what is held. */
  const asked: number[] = []
  const done = (ask: number) => tell({ type: 'done', ask, ...indexing.counts() })
  return {
    indexing,
    counts: indexing.counts,
    news() {
      const taken = { ...notes, hosts: [...notes.hosts], rows: [], sightings: indexing.takeFound() }
      Object.assign(notes, { events: 0, hosts: new Set(), marks: false })
      return taken
    },
    aside() {
      if (indexing.matchSome()) return true
      for (const ask of asked.splice(0)) done(ask)
      return false
    },
    obey(order: Order) {
      if (order.type === 'match') asked.push(order.ask)
      if (order.type !== 'indicators') return
      indexing.putIndicators(order.rows)
      done(order.ask)
    },
  }
}).then(() => process.exit(0), endWriter)
