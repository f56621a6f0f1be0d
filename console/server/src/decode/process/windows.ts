import { countIn, defined, type Row, textIn } from '../row.ts'
import { windowsTime, windowsUser } from '../windows-row.ts'

/** Of Win32_Process: a number and the start of it name one process of the host. */
export function isWindowsProcess(row: Row): boolean {
  return countIn(row, 'ProcessId') !== undefined
}

export function windowsProcessOf(row: Row, pid: number): Record<string, unknown> {
  const start = windowsTime(row, 'CreationDate')
  const parent = countIn(row, 'ParentProcessId')
  const sha256 = textIn(row, 'sha256')
  return {
    pid,
    ...defined({
      entity_id: start === undefined ? undefined : `${pid}.${start}`,
      // It may have ended, and another one may have its number.
      parent: parent === undefined || parent === 0 ? undefined : { pid: parent },
      name: textIn(row, 'Name'),
      executable: textIn(row, 'ExecutablePath'),
      command_line: textIn(row, 'CommandLine'),
      start,
      hash: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : undefined,
    }),
  }
}

/** Account and session of it. */
export function ownerOfWindows(row: Row): { user: Record<string, unknown> | undefined; session: number | undefined } {
  return { user: windowsUser(textIn(row, 'UserName')), session: countIn(row, 'SessionId') }
}
