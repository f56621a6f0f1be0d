import { textOf } from '../text.ts'

/** What /proc/<pid>/stat says, in its own words and units. */
export interface Stat {
  comm: string
  state: string
  ppid: number
  tty_nr: number
  /** Clock ticks since boot. */
  starttime: number
}

/** Undefined when the line is not of the shape that proc(5) gives, as that of a process that has ended. */
export function parseStat(line: Buffer | undefined): Stat | undefined {
  // The name stands in brackets and may hold brackets, blanks and line ends itself: the last bracket ends it.
  const [from, to] = [line?.indexOf('(') ?? -1, line?.lastIndexOf(')') ?? -1]
  if (line === undefined || from < 0 || to < from) return undefined
  // Fields 3, 4, 7 and 22.
  const fields = line
    .toString('latin1', to + 2)
    .trimEnd()
    .split(' ')
  const [state = '', parent = '', , , tty = ''] = fields
  const [ppid, tty_nr, starttime] = [parent, tty, fields[19] ?? ''].map(toInteger)
  if (ppid === undefined || tty_nr === undefined || starttime === undefined) return undefined
  return { comm: textOf(line.subarray(from + 1, to)), state, ppid, tty_nr, starttime }
}

function toInteger(text: string): number | undefined {
  return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : undefined
}
