import { defined, type Row, textIn } from '../row.ts'
import { type Process, processOf } from './fields.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Rows of ps(1) of macOS have the start as a date of C, which the agent asks for in UTC: `Fri Nov 27 14:05:37 2026`. */
export function macosStartOf(row: Row): string | undefined {
  const [, name = '', day = '', time, year] =
    /^\w{3} (\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4})$/.exec(textIn(row, 'lstart') ?? '') ?? []
  const month = months.indexOf(name) + 1
  if (month === 0) return undefined
  const two = (value: string) => value.padStart(2, '0')
  const at = `${year}-${two(`${month}`)}-${two(day.trim())}T${time}Z`
  return Number.isNaN(Date.parse(at)) ? undefined : at
}

/** The file is what the process was started by: a path, or a name such as `-zsh` of a shell that somebody signed in to. */
export function macosProcessOf(row: Row, pid: number): Process {
  const { name: comm = '', ...process } = processOf(row, pid)
  const start = macosStartOf(row)
  return {
    ...process,
    ...defined({
      entity_id: start === undefined ? undefined : `${pid}.${start}`,
      name: comm.slice(comm.lastIndexOf('/') + 1) || undefined,
      executable: comm.startsWith('/') ? comm : undefined,
      command_line: textIn(row, 'args'),
      start,
    }),
  }
}

/** Numbers of accounts are shown with a sign where they are large: -2 is `nobody`. */
export function macosUserOf(row: Row): Record<string, unknown> | undefined {
  const [id, effective, group] = [row.ruid, row.uid, row.rgid].map((value) =>
    Number.isSafeInteger(value) ? `${value}` : undefined,
  )
  return defined({
    id,
    group: group === undefined ? undefined : { id: group },
    effective: effective === undefined || effective === id ? undefined : { id: effective },
  })
}

/** `??` stands for none. */
export function macosTerminalOf(row: Row): string | undefined {
  const terminal = textIn(row, 'tty')
  return terminal === '??' ? undefined : terminal
}
