import { countIn, defined, type Row, textIn } from '../row.ts'
import { fileOf, type Kind, notHashed, type Said, textsIn } from '../system-row.ts'

/** Jobs of launchd: as their files say, and as launchd has them loaded. */
export const macosAutoruns: Readonly<Record<string, Kind>> = {
  'launchd-job': { category: 'configuration', say: sayJob },
  'login-hook': { category: 'configuration', say: sayHook },
  'launchd-loaded': { category: 'configuration', say: sayLoaded },
}

function sayJob(row: Row): Said | undefined {
  const [path, label] = [textIn(row, 'path'), textIn(row, 'label')]
  const file = fileOf(row)
  if (path === undefined || file === undefined) return undefined
  const [run, program, runsAs] = [textsIn(row, 'run'), textIn(row, 'program'), textIn(row, 'runsAs')]
  const executable = program ?? run[0]
  const sha256 = textIn(row, 'programSha256')
  const command = run.length > 0 ? run.join(' ') : program
  const process = defined({
    executable: executable?.startsWith('/') ? executable : undefined,
    command_line: command,
    args: run.length > 0 ? run : undefined,
    hash: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : undefined,
  })
  return {
    message: command === undefined ? (label ?? path) : `${label ?? path}: ${command}`,
    fields: {
      file,
      ...(label !== undefined && { service: { name: label } }),
      ...(process && { process }),
      ...(runsAs !== undefined && { user: { name: runsAs } }),
    },
    more: {
      ...defined({
        when: listOf(row, 'when'),
        environment: listOf(row, 'environment'),
        why: textIn(row, 'why'),
        program_not_hashed: textIn(row, 'programWhy'),
      }),
      ...notHashed(row),
    },
  }
}

function listOf(row: Row, name: string): string[] | undefined {
  const texts = textsIn(row, name)
  return texts.length === 0 ? undefined : texts
}

function sayHook(row: Row): Said | undefined {
  const [path, key, text] = [textIn(row, 'path'), textIn(row, 'key'), textIn(row, 'text')]
  if (path === undefined || key === undefined) return undefined
  const executable = text?.startsWith('/') ? text : undefined
  return {
    message: text === undefined ? key : `${key}: ${text}`,
    fields: { file: { path }, ...(text !== undefined && { process: defined({ command_line: text, executable }) }) },
    more: { hook: key },
  }
}

/** `-` stands for one that does not run (launchctl(1), `list`). */
function sayLoaded(row: Row): Said | undefined {
  const label = textIn(row, 'label')
  if (label === undefined) return undefined
  const pid = Number(textIn(row, 'pid') ?? countIn(row, 'pid'))
  return {
    message: label,
    fields: { service: { name: label }, ...(Number.isSafeInteger(pid) && pid > 0 && { process: { pid } }) },
    more: defined({ last_exit: textIn(row, 'status') }) ?? {},
  }
}
