import { countIn, type Row, textIn } from '../row.ts'
import { instant } from '../time.ts'

export interface Process {
  /** Pid and start in ticks: one process of the host since its last start. */
  entity_id?: string
  parent?: { pid: number }
  name?: string
  executable?: string
  working_directory?: string
  command_line?: string
  args?: readonly string[]
  args_count?: number
  start?: string
  hash?: { sha256: string }
  tty?: { char_device: { major: number; minor: number } }
}

/** More arguments than this are in the record only. */
const mostArguments = 1000

export function processOf(row: Row, pid: number): Process {
  const process: Process = {}
  const [ppid, ticks, start] = [countIn(row, 'ppid'), countIn(row, 'starttime'), startOf(row)]
  if (ticks !== undefined) process.entity_id = `${pid}.${ticks}`
  if (ppid !== undefined && ppid > 0) process.parent = { pid: ppid }
  const [name, executable, folder] = [textIn(row, 'comm'), textIn(row, 'exe'), textIn(row, 'cwd')]
  if (name !== undefined) process.name = name
  // The kernel adds the word to the path of a program that was removed.
  if (executable !== undefined) process.executable = row.deleted === true ? withoutDeleted(executable) : executable
  if (folder !== undefined) process.working_directory = folder
  addArguments(process, row.cmdline)
  if (start !== undefined) process.start = start
  const sha256 = textIn(row, 'sha256')
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) process.hash = { sha256 }
  const terminal = countIn(row, 'tty_nr')
  if (terminal !== undefined && terminal > 0) process.tty = { char_device: deviceOf(terminal) }
  return process
}

function withoutDeleted(executable: string): string {
  return executable.endsWith(' (deleted)') ? executable.slice(0, -10) : executable
}

/** Start in ticks after the start of the machine, which the kernel gives in whole seconds. */
export function startOf(row: Row): string | undefined {
  const [ticks, hz, btime] = [countIn(row, 'starttime'), countIn(row, 'hz'), countIn(row, 'btime')]
  if (ticks === undefined || hz === undefined || btime === undefined || hz === 0 || btime === 0) return undefined
  const ms = Math.floor(((ticks % hz) * 1000) / hz)
  return instant(btime + Math.floor(ticks / hz), String(ms).padStart(3, '0'))
}

function addArguments(process: Process, cmdline: unknown): void {
  if (!Array.isArray(cmdline)) return
  const all = cmdline.filter((argument) => typeof argument === 'string')
  if (all.length === 0) return
  process.args = all.slice(0, mostArguments)
  process.args_count = all.length
  process.command_line = all.join(' ')
}

/** Device number as proc(5) packs it: major in bits 8 to 15, minor in the others. */
function deviceOf(packed: number): { major: number; minor: number } {
  return { major: (packed >> 8) & 0xff, minor: (packed & 0xff) | ((packed >> 12) & 0xfff00) }
}
