/** A value below EventData or UserData; text as Windows writes it in XML. */
export type Value = string | Value[] | Fields

/** Names come from the event, so that these objects have no prototype. */
export interface Fields {
  [name: string]: Value
}

/**
 * An event of Windows as its XML says it, whatever carried it (a log file, `wevtutil`, a forwarder). What stands in
 * attributes and elements of System is named as Windows' event schema names it.
 */
export interface WinEvent {
  provider?: string
  providerGuid?: string
  eventId?: number
  version?: number
  level?: number
  task?: string
  opcode?: string
  /** A mask of 64 bits, `0x8020000000000000`. */
  keywords?: string
  /** RFC 3339 in UTC with all its digits. */
  createdAt?: string
  recordId?: string
  activityId?: string
  relatedActivityId?: string
  processId?: number
  threadId?: number
  channel?: string
  computer?: string
  /** SID of the account that the event was written by. */
  userId?: string
  /** EventData: values without a name are `param1`, `param2`... as Winlogbeat counts them. */
  data?: Fields
  /** UserData: the element in it, and what that holds. */
  userData?: { name: string; fields: Fields }
  /** The message, where the machine that forwarded the event had written it. */
  rendered?: string
  /** Elements beside these. */
  more?: Fields
}
