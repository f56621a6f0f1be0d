import type { Sqlite } from '../../store/sqlite.ts'
import type { DirtyWindow, Windows } from '../index-port.ts'
import { rowIdOf } from '../layout.ts'
import { type Clear, openClearing } from './clearing.ts'
import { type Handles, limited } from './handles.ts'
import { daysOfHours, makeEvents } from './measuring.ts'
import { type Names, withoutBranch } from './names.ts'

export interface WindowsOptions {
  handles: Handles
  names(): Promise<Names>
  clear: Clear
}

interface DirtyRow {
  host: number
  detector: string
  fromMs: number
  toMs: number
  generation: number
}

/** Longest time one window may take. */
const mostMeasureMs = 60_000

/**
 * The engine's way to the events. Windows do not wait for the words and values of their events: they see everything the
 * events writer has committed.
 */
export function openWindows({ handles, names, clear }: WindowsOptions): Windows & { forget(): void } {
  /** Ledger position up to which a window was read when it was measured last. */
  const seen = new Map<string, number>()
  const clearing = openClearing(clear)
  const see = (window: DirtyWindow, cursor: number) => seen.set(keyOf(window), cursor)

  return {
    /** The index begins anew: what was read of the old one means nothing. */
    forget() {
      seen.clear()
      clearing.forget()
    },
    async dirty(limit) {
      const known = await names()
      const { rows, cursor } = await handles.events(async (db) => ({
        cursor: await cursorOf(db),
        rows: await dirtyRows(db, limit + clearing.size()),
      }))
      const windows = new Map<string, DirtyWindow>()
      for (const row of rows) {
        const host = known.hostOf(row.host)
        if (host === undefined || clearing.covers(row)) continue
        // Both branches of a fork are events of one host.
        const window = { host: withoutBranch(host), detector: row.detector, fromMs: row.fromMs, toMs: row.toMs }
        windows.set(keyOf(window), window)
      }
      const given = [...windows.values()].slice(0, limit)
      for (const window of given) if (!seen.has(keyOf(window))) see(window, cursor)
      return given
    },
    async measure(window, sql) {
      const { host, fromMs, toMs } = window
      const span = { hosts: (await names()).numbersOf(host), fromMs, toMs }
      const { days, cursor } = await handles.events(async (db) => ({
        cursor: await cursorOf(db),
        days: await daysOfHours(db, span),
      }))
      see(window, cursor)
      return handles.alone((db, fileOf) =>
        limited(db, Date.now() + mostMeasureMs, async () => {
          await makeEvents(db, { ...span, before: rowIdOf(cursor, 0), files: days.map(fileOf) })
          return db.all<Record<string, unknown>>(sql)
        }),
      )
    },
    async judged(window) {
      const generation = seen.get(keyOf(window)) ?? 0
      seen.delete(keyOf(window))
      const { detector, fromMs } = window
      for (const host of (await names()).numbersOf(window.host)) clearing.add({ host, detector, fromMs, generation })
    },
    async datasetsOf(host) {
      const numbers = (await names()).numbersOf(host).join(', ') || 'null'
      const rows = await handles.events((db) =>
        db.all<{ dataset: string }>(`select distinct dataset from dataset where host in (${numbers}) order by dataset`),
      )
      return rows.map(({ dataset }) => dataset)
    },
  }
}

function keyOf({ host, detector, fromMs }: DirtyWindow): string {
  return `${host} ${detector} ${fromMs}`
}

async function cursorOf(db: Sqlite): Promise<number> {
  return (await db.all<{ position: number }>('select position from event_cursor'))[0]?.position ?? 0
}

/** The oldest of each host, every host with the same share: no host keeps the others waiting. */
function dirtyRows(db: Sqlite, limit: number): Promise<DirtyRow[]> {
  return db.all<DirtyRow>(
    `with recursive own (host) as (
       select min(host) from dirty union all
       select (select min(dirty.host) from dirty where dirty.host > own.host) from own where own.host is not null
     ), share (host, until) as (
       select host, (select to_ms from dirty where dirty.host = own.host order by to_ms
         limit 1 offset ?1 / (select count(*) from own)) from own where host is not null
     )
     select dirty.host, detector, from_ms as fromMs, to_ms as toMs, generation
     from share join dirty on dirty.host = share.host and dirty.to_ms <= coalesce(share.until, 9e15)
     order by dirty.to_ms, dirty.host limit ?1`,
    [limit],
  )
}
