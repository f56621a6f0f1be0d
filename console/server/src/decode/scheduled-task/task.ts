/** A task of the scheduler, in whichever of its two formats it was written. Absent is what it does not say. */
export interface Task {
  /** Where it stands in the tree of tasks, such as `\Microsoft\Windows\Ras\MobilityManager`. */
  path?: string | undefined
  author?: string | undefined
  description?: string | undefined
  source?: string | undefined
  /** When it was registered, as written: mostly without a zone. */
  registered?: string | undefined
  securityDescriptor?: string | undefined
  hidden?: boolean | undefined
  enabled?: boolean | undefined
  principals: readonly Principal[]
  triggers: readonly Trigger[]
  actions: readonly Action[]
  /** When it last ran, as written: `.job` files keep it, in local time. */
  lastRun?: string | undefined
}

/** The account it runs as. */
export interface Principal {
  /** SID or name. */
  user?: string | undefined
  group?: string | undefined
  logonType?: string | undefined
  /** `HighestAvailable` or `LeastPrivilege`. */
  runLevel?: string | undefined
}

export interface Trigger {
  /** Such as `LogonTrigger`. */
  type: string
  enabled?: boolean | undefined
  start?: string | undefined
  end?: string | undefined
  /** The rest of it, as `ScheduleByDay/DaysInterval=1`. */
  details: readonly string[]
}

export interface Action {
  /** `Exec`, `ComHandler`, `SendEmail` or `ShowMessage`. */
  type: string
  command?: string | undefined
  arguments?: string | undefined
  workingDirectory?: string | undefined
  /** Class of a COM handler. */
  classId?: string | undefined
  /** What a COM handler is given. */
  data?: string | undefined
  details: readonly string[]
}
