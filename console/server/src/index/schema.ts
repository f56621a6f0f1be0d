import { columns } from './columns.ts'

/**
 * Keys of addresses (`observable-key.ts`): they sort as the addresses do, so that a network is a range. Kept beside
 * the readable columns, which detectors and people see.
 */
export const keyColumns = ['source_key', 'destination_key'] as const
export type KeyColumn = (typeof keyColumns)[number]

/** Columns of table `event` in their order, after `id`. */
export const eventColumns = [...Object.keys(columns), ...keyColumns]

/** Columns of table `words`: everything, then marks (`words.ts`), then texts that can be asked for by themselves. */
export const wordColumns = ['text', 'marks', 'command', 'url', 'agent'] as const
export type WordColumn = (typeof wordColumns)[number]

/**
 * Tables by who writes them. Embedded, each group is a file of its own (`layout.ts`); on PostgreSQL all are in one
 * database, so every table has a name of its own.
 */
export interface Schema {
  /** One day of events, and how far it was written. */
  eventsDay: string
  /** What the events writer keeps beside the days. It is committed after them: a day may be ahead of it, never behind. */
  events: string
  /** Words of one day's events, under the ids of the events. */
  textDay: string
  /** Values seen, over all days, and where indicators met them. Committed after the words. */
  values: string
}

/** What the two databases name differently. */
interface Words {
  whole: string
  text: string
  /** Ends a table that is kept in the order of its primary key. */
  ordered: string
  eventKey: string
  eventEnd: string
  words: string
}

const embedded: Words = {
  whole: 'integer',
  text: 'text',
  ordered: ' without rowid',
  eventKey: 'id integer primary key',
  eventEnd: '',
  // Contentless: the words alone, a third of the bytes. `ascii` costs least; case is folded before it comes here.
  words: `create virtual table if not exists words using fts5(${wordColumns.join(', ')}, content='', columnsize=0, tokenize='ascii')`,
}

const postgres: Words = {
  whole: 'bigint',
  // In the order of their bytes, as in SQLite: keys are compared as ranges.
  text: 'text collate "C"',
  ordered: '',
  eventKey: 'id bigint not null',
  eventEnd: ', primary key (id, received_at)) partition by range (received_at',
  words: `create table if not exists words (id bigint primary key, ${wordColumns.map((name) => `${name} tsvector`).join(', ')})`,
}

export const embeddedSchema = schemaOf(embedded)
export const postgresSchema = schemaOf(postgres)

function schemaOf({ whole, text, ordered, eventKey, eventEnd, words }: Words): Schema {
  const named = Object.entries(columns).map(([name, { type }]) => `"${name}" ${type === 'text' ? text : whole}`)
  const keys = keyColumns.map((name) => `"${name}" ${text}`)
  const mark = (table: string) =>
    `create table if not exists ${table} (position ${whole} not null, code ${text} not null, says ${text} not null, primary key (position, code))${ordered};`
  // `beside`: the host of which it is a branch; `tip`: hash of the newest header of a branch.
  const chain = (table: string) =>
    `create table if not exists ${table} (no ${whole} primary key, id ${text} not null unique, beside ${whole}, tip ${text});
create index if not exists ${table}_beside on ${table} (beside) where beside is not null;`
  const state = (table: string) =>
    `create table if not exists ${table} (host ${whole} not null, source ${text} not null, state ${text} not null, places ${text} not null, primary key (host, source))${ordered};`
  return {
    // Lean on purpose: an index in the order of time costs little, one in any other order as much as the row itself
    // (measured). So values are found by the words of the event, and an event made of records of an earlier batch by the
    // partial index, all others by their id.
    eventsDay: `
create table if not exists day_cursor (position ${whole} not null);
create table if not exists event (${eventKey}, ${[...named, ...keys].join(', ')}${eventEnd});
create index if not exists event_at on event (at);
create index if not exists event_host_at on event (host, at);
create index if not exists event_carried on event (position, record) where position <> id / 1048576;
`,
    events: `
create table if not exists event_cursor (position ${whole} not null);
create table if not exists day (
  day ${text} primary key, first_position ${whole} not null, min_at ${whole} not null, max_at ${whole} not null, events ${whole} not null
)${ordered};
${chain('host')}
create table if not exists source (no ${whole} primary key, host ${whole} not null, id ${text} not null, unique (host, id));
create table if not exists dataset (
  host ${whole} not null, dataset ${text} not null, count ${whole} not null, last_at ${whole} not null, primary key (host, dataset)
)${ordered};
create table if not exists hour (
  host ${whole} not null, hour ${whole} not null, day ${text} not null, count ${whole} not null, primary key (host, hour, day)
)${ordered};
create index if not exists hour_day on hour (hour, day);
create table if not exists progress (
  source ${whole} primary key, next ${text} not null, to_ms ${whole} not null, period_ms ${whole}, span ${whole} not null,
  before ${whole}, pause_ms ${whole}
);
create table if not exists snapshot (source ${whole} primary key);
create table if not exists held (
  host ${whole} primary key, seq ${whole} not null, to_ms ${whole} not null, unheld_ms ${whole}, unheld_why ${text}
);
create table if not exists span (
  no ${whole} primary key, source ${whole} not null, state ${text} not null, from_ms ${whole} not null, to_ms ${whole} not null,
  records ${whole} not null, lost ${whole}, why ${text}
);
create index if not exists span_source on span (source, state, to_ms);
create table if not exists absence (
  host ${whole} not null, from_ms ${whole} not null, to_ms ${whole} not null, kind ${text} not null, says ${text} not null,
  primary key (host, from_ms, kind)
)${ordered};
create table if not exists ill (
  source ${whole} not null, from_ms ${whole} not null, to_ms ${whole}, state ${text} not null, why ${text}, fix ${text},
  primary key (source, from_ms)
)${ordered};
create table if not exists dirty (
  host ${whole} not null, detector ${text} not null, from_ms ${whole} not null, to_ms ${whole} not null, generation ${whole} not null,
  primary key (host, detector, from_ms)
)${ordered};
create index if not exists dirty_host on dirty (host, to_ms);
${state('event_state')}
${mark('event_mark')}
`,
    textDay: `
create table if not exists text_cursor (position ${whole} not null);
${words};
`,
    values: `
create table if not exists value_cursor (position ${whole} not null);
${chain('value_host')}
create table if not exists observable (
  type ${whole} not null, key ${text} not null, host ${whole} not null, first_at ${whole} not null, last_at ${whole} not null,
  count ${whole} not null, first_place ${whole} not null, last_place ${whole} not null, primary key (type, key, host)
)${ordered};
create table if not exists allowance (
  host ${whole} not null, day ${text} not null, added ${whole} not null, beyond ${whole} not null, first_at ${whole}, last_at ${whole},
  primary key (host, day)
)${ordered};
create table if not exists indicator (
  id ${text} primary key, type ${text} not null, value ${text} not null, until ${whole}, is_matched ${whole} not null
)${ordered};
create index if not exists indicator_new on indicator (is_matched) where is_matched = 0;
create table if not exists sighting (
  no ${whole} primary key, id ${text} not null unique, indicator ${text} not null, type ${whole} not null, key ${text} not null,
  host ${whole} not null, unique (indicator, type, key, host)
);
create index if not exists sighting_host on sighting (host, no);
${state('value_state')}
${mark('value_mark')}
`,
  }
}
