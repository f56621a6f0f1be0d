import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the two databases name differently. */
export interface ColumnTypes {
  numbered: string
  bytes: string
}

export const sqliteTypes: ColumnTypes = { numbered: 'integer primary key autoincrement', bytes: 'blob' }
export const postgresTypes: ColumnTypes = {
  numbered: 'bigint generated always as identity primary key',
  bytes: 'bytea',
}

/** All changes of the tables, oldest first. One that was released is never edited. */
export function migrationsFor(types: ColumnTypes): Record<string, Migration> {
  return {
    '001-tables': { up: (db) => execute(db, tables(types)) },
    // A list of a million indicators is read in pages, newest first.
    '002-indicators-by-time': { up: (db) => execute(db, 'create index indicator_added on indicator (added_at, id)') },
    '003-silences': { up: (db) => execute(db, silences(types)) },
    '004-refeed': {
      up: (db) =>
        execute(
          db,
          `create table refeed (
            ledger text not null, host text not null, after bigint not null, acked bigint not null, oldest bigint, seen bigint,
            at text not null, primary key (ledger, host)
          )`,
        ),
    },
    '005-package-warnings': {
      up: (db) => execute(db, "alter table package add column warnings text not null default '[]'"),
    },
    '006-collections': { up: (db) => execute(db, collections(types)) },
  }
}

async function execute(db: Kysely<unknown>, statements: string): Promise<void> {
  for (const statement of statements.split(';\n').filter((text) => text.trim() !== ''))
    await sql.raw(statement).execute(db)
}

const collections = ({ numbered }: ColumnTypes) => `
create table collection (
  id text primary key, ask text not null, created_at text not null, created_by text not null, expires_at text not null,
  cancelled_at text
);
create table collection_task (
  no ${numbered}, id text not null unique, collection text not null, host text not null, ask text not null, counter bigint,
  state text not null, expires_at text not null, after_seq bigint not null, sent_at text, ended_at text, code text, says text,
  record text, artifacts bigint not null default 0, bytes bigint not null default 0, left_out bigint not null default 0
);
create index collection_task_host on collection_task (host, state);
create index collection_task_collection on collection_task (collection, no);
create table artifact (
  record text primary key, host text not null, task text not null, sha256 text not null, size bigint not null,
  path text not null, changed bigint, state text not null, why text, held_at text
);
create index artifact_task on artifact (task);
create index artifact_sha256 on artifact (sha256, host)`

const silences = ({ numbered }: ColumnTypes) => `
create table silence (
  no ${numbered}, host text not null, began_at text not null, raised_at text not null, ended_at text, cause text not null,
  expected bigint not null, says text not null
);
create index silence_host on silence (host, no)`

const tables = ({ numbered, bytes }: ColumnTypes) => `
create table setting (name text primary key, value text not null);
create table host (
  no ${numbered}, id text not null unique, name text not null, kind text not null, os text not null, platform text not null,
  public_key ${bytes} not null, agent text not null, state text not null, token_id text, lineage text,
  certificate_expires_at text, enrolled_at text not null, last_seen_at text, farewell text,
  task_counter bigint not null default 0, clock_offset_ms bigint, last_state text
);
create table token (
  id text primary key, secret_hash text not null, label text not null, uses bigint not null, used bigint not null default 0,
  created_at text not null, created_by text not null, expires_at text not null, revoked_at text
);
create table attempt (
  no ${numbered}, at text not null, token_id text, name text, address text not null, step text not null, code text, says text, host text
);
create table irregularity (no ${numbered}, at text not null, host text, code text not null, says text not null, seq bigint, address text);
create index irregularity_host on irregularity (host, no);
create table indicator (
  id text primary key, type text not null, value text not null, source text not null, confidence bigint, tlp text not null,
  valid_from text not null, valid_until text, note text not null, added_at text not null, added_by text not null, expired_at text
);
create unique index indicator_value on indicator (type, value, source);
create table finding (
  id text primary key, detector text not null, "row" text, host text, severity text not null, title text not null,
  subject_type text not null, subject_value text not null, first_at text not null, last_at text not null, count bigint not null,
  records text not null, why text not null, aliases text not null, verdict text not null, decided_by text, decided_at text,
  reason text, found_at text not null
);
create index finding_last on finding (last_at, id);
create index finding_subject on finding (detector, host, subject_value);
create table withdrawn_finding (
  id text primary key, detector text not null, host text not null, subject_type text not null, subject_value text not null,
  first_at text not null, last_at text not null, found_at text not null, aliases text not null
);
create index withdrawn_finding_subject on withdrawn_finding (detector, host, subject_value);
create table tally (
  detector text not null, host text not null, subject text not null, from_ms bigint not null, to_ms bigint not null,
  context bigint not null, "rows" text not null, judged_ms bigint not null, primary key (detector, host, subject, from_ms)
);
create index tally_window on tally (detector, host, from_ms);
create index tally_judged on tally (judged_ms);
create table incident (
  id text primary key, name text not null, opened_at text not null, opened_by text not null, closed_at text, rev bigint not null
);
create table fact (
  incident text not null, field text not null, rev bigint not null, state text not null, value text not null, "by" text not null,
  at text not null, reason text, primary key (incident, field, rev)
);
create table incident_item (
  id text primary key, incident text not null, kind text not null, ref text not null, note text not null, added_at text not null,
  added_by text not null, removed_at text, removed_by text, added_rev bigint not null, removed_rev bigint
);
create table package (
  id text primary key, incident text not null, number bigint not null, profile text not null, disclose text not null,
  tlp text not null, state text not null, cut text not null, file text not null, bytes bigint, sha256 text, signer text,
  built_at text, built_by text not null, problem text
);
create table signature (manifest text primary key, signature ${bytes} not null, cms ${bytes} not null, signed_at text not null);
create table person (
  id text primary key, email text not null unique, name text not null, role text not null, password_hash text not null,
  created_at text not null, disabled_at text
);
create table session (
  id text primary key, person text not null, csrf text not null, created_at text not null, seen_at text not null,
  expires_at text not null, revoked_at text
);
create table audit (no bigint primary key, at text not null, who text not null, act text not null, data text not null, prev text not null, hash text not null);
`
