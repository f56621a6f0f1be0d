import type { Event } from '../decoder.ts'
import { toCount } from '../text.ts'
import type { AuditLine, Fields } from './line.ts'

/** So many arguments of a program are told; all of them stand in the records. */
const mostArguments = 200

/** The process that did it, and the program it was given to run. */
export function addProcess(event: Event, lines: readonly AuditLine[]): void {
  const of = (name: string) => lines.find(({ fields }) => fields.has(name))?.fields.get(name)
  const [pid, parent] = [toCount(of('pid') ?? ''), toCount(of('ppid') ?? '')]
  const execve = lines.find(({ type }) => type === 'EXECVE')
  const args = execve === undefined ? titleOf(lines) : argumentsOf(execve.fields)
  const command = of('cmd') ?? args?.join(' ')
  const process = {
    ...(pid !== undefined && { pid }),
    ...(parent !== undefined && { parent: { pid: parent } }),
    ...named('executable', of('exe')),
    ...named('name', of('comm')),
    ...named('working_directory', lines.find(({ type }) => type === 'CWD')?.fields.get('cwd') ?? of('cwd')),
    ...(args !== undefined && { args, args_count: args.length }),
    ...named('command_line', command),
  }
  if (Object.keys(process).length > 0) event.process = process
}

function named(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value }
}

/** `a0` to `a<argc - 1>`; a long one comes in parts, `a1_len=9000 a1[0]=... a1[1]=...`. */
function argumentsOf(fields: Fields): string[] {
  const args: string[] = []
  for (let i = 0; i < mostArguments; i++) {
    const whole = fields.get(`a${i}`) ?? partsOf(fields, i)
    if (whole === undefined) break
    args.push(whole)
  }
  return args
}

function partsOf(fields: Fields, argument: number): string | undefined {
  const parts: string[] = []
  for (let part = fields.get(`a${argument}[0]`); part !== undefined; part = fields.get(`a${argument}[${parts.length}]`))
    parts.push(part)
  return parts.length === 0 ? undefined : parts.join('')
}

/** The kernel keeps its first 128 bytes, arguments with a NUL behind each. */
function titleOf(lines: readonly AuditLine[]): string[] | undefined {
  const title = lines.find(({ type }) => type === 'PROCTITLE')?.fields.get('proctitle')
  return title === undefined || title === '' ? undefined : title.replace(/\0+$/, '').split('\0', mostArguments)
}
