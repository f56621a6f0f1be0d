import type { Generated } from 'kysely'

/** What people ask of hosts. Times are RFC 3339 text in UTC with milliseconds. */
export interface CollectionTable {
  id: string
  /** JSON of the `Ask`. */
  ask: string
  created_at: string
  created_by: string
  expires_at: string
  cancelled_at: string | null
}

/** One task of a collection: what one host is asked, and what became of it. */
export interface CollectionTaskTable {
  /** In the order in which they were asked. */
  no: Generated<number>
  id: string
  collection: string
  host: string
  /** JSON of the `Ask`. */
  ask: string
  /** Given when it is sent: the host takes none twice. */
  counter: number | null
  state: 'queued' | 'sent' | 'received' | 'answered' | 'refused' | 'failed' | 'expired' | 'cancelled'
  expires_at: string
  /** Newest batch held of the host when it was asked: the answer is in a later one. */
  after_seq: number
  sent_at: string | null
  ended_at: string | null
  code: string | null
  says: string | null
  /** Id of the sealed record that answers it. */
  record: string | null
  artifacts: Generated<number>
  bytes: Generated<number>
  left_out: Generated<number>
}

/** An artifact as a sealed record announces it. */
export interface ArtifactTable {
  /** Id of that record. */
  record: string
  host: string
  task: string
  sha256: string
  size: number
  path: string
  /** 1 where the host says that it changed while it was read, 0 where not, null where it does not say. */
  changed: number | null
  state: 'announced' | 'held' | 'lost'
  why: string | null
  held_at: string | null
}
