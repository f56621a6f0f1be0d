import type { Code } from '../error.ts'
import type { Entry, Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import type { Background } from './background.ts'
import type { Handles } from './read/handles.ts'

export interface IrregularOptions {
  handles: Pick<Handles, 'events' | 'values'>
  store: Store
  ledger: Pick<Ledger, 'entry'>
  background: Pick<Background, 'inTurn'>
  now(): number
  /** Nobody waits for the rest any more. */
  isOver(): boolean
}

/** Writes batches that are in the ledger and not in the index down among the irregularities of their hosts, each once. */
export interface Irregular {
  /** Reads on behind what it read last. While one look waits for the one before, nobody needs another. */
  look(): Promise<void>
  /** The index is made again: it begins with the first one. What was written down is not written again. */
  forget(): void
}

/** Batches of one host and code that are written down one by one; the marks in the index know them all. */
const mostOfHost = 100
const mostAtOnce = 500

interface Mark {
  position: number
  code: Code
  says: string
}

/** How far the marks of one writer were read: the ledger position of the last. */
interface Reading {
  table: 'event_mark' | 'value_mark'
  last: number
}

export function openIrregular({ handles, store, ledger, background, now, isOver }: IrregularOptions): Irregular {
  const counts = new Map<string, number>()
  let readings = fromTheFirst()
  let waiting: Promise<void> | undefined

  const note = async ({ host, seq }: Entry, { code, says }: Mark) => {
    const count = counts.get(`${host} ${code}`) ?? 0
    if (count >= mostOfHost) return
    if (!(await isKnown(store, { host, seq, code }))) {
      const at = new Date(now()).toISOString()
      await store.insertInto('irregularity').values({ at, host, code, says, seq, address: null }).execute()
    }
    counts.set(`${host} ${code}`, count + 1)
  }
  const readOn = async (reading: Reading): Promise<void> => {
    let found = mostAtOnce
    while (found === mostAtOnce && !isOver()) {
      const marks = await marksBehind(handles, reading)
      found = marks.length
      for (const mark of marks) {
        const entry = await ledger.entry(mark.position)
        if (entry !== undefined) await note(entry, mark)
        reading.last = mark.position
      }
    }
  }
  return {
    look() {
      waiting ??= background.inTurn('batches left out of the index are not written down', async () => {
        waiting = undefined
        for (const reading of readings) await readOn(reading)
      })
      return waiting
    },
    forget() {
      readings = fromTheFirst()
      counts.clear()
    },
  }
}

function fromTheFirst(): Reading[] {
  return [
    { table: 'event_mark', last: -1 },
    { table: 'value_mark', last: -1 },
  ]
}

function marksBehind({ events, values }: IrregularOptions['handles'], { table, last }: Reading): Promise<Mark[]> {
  const sql = `select position, code, says from ${table} where position > ? order by position limit ${mostAtOnce}`
  const read = table === 'event_mark' ? events : values
  return read((db) => db.all<Mark>(sql, [last]))
}

async function isKnown(store: Store, { host, seq, code }: { host: string; seq: number; code: Code }): Promise<boolean> {
  const known = await store
    .selectFrom('irregularity')
    .select('no')
    .where('host', '=', host)
    .where('seq', '=', seq)
    .where('code', '=', code)
    .executeTakeFirst()
  return known !== undefined
}
