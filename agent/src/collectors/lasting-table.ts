import { hash } from 'node:crypto'
import { snapshotMs } from '@tidewaiter/protocol'
import { toRecord } from '../chunk.ts'
import type { Row, Table } from './pass.ts'

/** A pass over what lies on a machine for days is made this often, and as often it is handed over in full. */
export const lastingEvery = { every: snapshotMs.account, fullEvery: 24 * 60 * 60_000 } as const

/** Rows that lie for days: of each only its identity and a digest are remembered until the next pass. */
export interface LastingTable extends Table {
  /**
   * @param identity what names the row; where a row has it already, `again` counts them apart
   * @param lasting what makes it another row when it changes
   * @param passing what may change without that
   */
  add(identity: object, lasting?: object, passing?: object): void
}

export function newLastingTable(method: string): LastingTable {
  const rows = new Map<string, Row>()
  const times = new Map<string, number>()
  return {
    method,
    rows,
    forgets: true,
    add(identity, lasting = {}, passing = {}) {
      const name = JSON.stringify(identity)
      const again = (times.get(name) ?? 0) + 1
      times.set(name, again)
      const named = again === 1 ? identity : { ...identity, again }
      const mark = hash('sha256', JSON.stringify(lasting), 'base64')
      rows.set(again === 1 ? name : JSON.stringify(named), {
        record: toRecord({ ...named, ...lasting, ...passing }),
        mark,
      })
    },
  }
}
