import type { Damage } from './damaged.ts'
import type { Event } from './decoder.ts'

/** A value as SQLite stores it; integers beyond 2^53 as `bigint`. */
export type Value = null | number | bigint | string | Uint8Array

export interface Row {
  /** Its rowid; undefined in a table that has none. */
  number: number | bigint | undefined
  /** By the names of the columns in small letters. A column that lies beyond the part that was read is not there. */
  values: ReadonlyMap<string, Value>
  /** Ids of the records it lies in, its own page first. */
  records: readonly [string, ...string[]]
  /** Its payload is longer than is read: the last value is cut, those after it are missing. */
  isCut: boolean
}

export interface Table {
  /** As it is written in the schema. */
  name: string
  /** In small letters, in the order of the schema. */
  columns: readonly string[]
  /** In the order of the tree. What is damaged is left out and told by the database. */
  rows(): Iterable<Row>
  /** The row with this rowid. */
  row(number: Value | undefined): Row | undefined
  /** How many rows there are, without reading them. */
  count(): number
}

/** An opened database file: a state of its tables that was committed. */
export interface Database {
  /** By its name, whatever the case. */
  table(name: string): Table | undefined
  tables(): Iterable<Table>
  /** What every event says of the file: encoding, and what became of its write-ahead log. */
  about: Readonly<Record<string, unknown>>
}

/** What is damaged, and the record it is damaged in. */
export interface DamagedPlace extends Damage {
  record: string
}

/** Reads the rows of one kind of database. The decoder of the file opens it; it never sees the file. */
export interface DatabaseDecoder {
  /** Same word as the folder; becomes `event.dataset`. */
  id: string
  title: string
  /** True when its tables and columns are there. */
  reads(database: Database): boolean
  events(database: Database): Iterable<Event>
}
