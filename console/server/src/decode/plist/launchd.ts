import { autorunEvent, type Meaning, plain } from './event.ts'
import { booleanIn, type Dict, isDict, isList, numberIn, textIn, textsIn } from './value.ts'

/**
 * A job of launchd (launchd.plist(5)): `/Library/LaunchDaemons`, `/Library/LaunchAgents`, `~/Library/LaunchAgents`. Most of
 * what is to run on a Mac by itself is one.
 */
export const launchdJob: Meaning = (root, record) => {
  if (!isDict(root)) return undefined
  const [label, program, args] = [textIn(root, 'Label'), textIn(root, 'Program'), textsIn(root.get('ProgramArguments'))]
  if (label === undefined || (program === undefined && args.length === 0 && !root.has('BundleProgram')))
    return undefined
  return [
    autorunEvent(record, {
      kind: 'launchd job',
      label,
      executable: program ?? args[0] ?? textIn(root, 'BundleProgram'),
      args,
      user: textIn(root, 'UserName'),
      when: whenOf(root),
      more: { job: plain(root) },
    }),
  ]
}

function whenOf(job: Dict): string[] {
  const interval = numberIn(job, 'StartInterval')
  const kept = job.get('KeepAlive')
  const words = [
    booleanIn(job, 'Disabled') === true && 'switched off',
    booleanIn(job, 'RunAtLoad') === true && 'at load',
    (kept === true || (isDict(kept) && kept.size > 0)) && 'kept alive',
    interval !== undefined && `every ${interval} s`,
    job.has('StartCalendarInterval') && 'by the calendar',
    booleanIn(job, 'StartOnMount') === true && 'when a volume is mounted',
    hasAny(job, 'WatchPaths') && 'when a path changes',
    hasAny(job, 'QueueDirectories') && 'when a folder is filled',
    (job.has('Sockets') || job.has('MachServices')) && 'when it is asked',
  ]
  return words.filter((word) => word !== false)
}

function hasAny(job: Dict, key: string): boolean {
  const value = job.get(key)
  return isList(value) && value.length > 0
}
