/**
 * A source that says nothing is named once a minute; a pause up to this is none, however slow the disk of the host.
 * Snapshots may pause for twice their own period.
 */
export const leastPauseMs = 150_000
