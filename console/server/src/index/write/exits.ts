export type WriterName = 'events' | 'values'

/** How a writer ends for a reason that no batch is to blame for. */
export const exits = {
  /** Its disk is full or gives errors: again later. */
  disk: 70,
  /** One of its files is broken or of another version: all must be made again. */
  damaged: 71,
} as const
