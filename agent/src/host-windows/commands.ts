import { existsSync } from 'node:fs'
import { win32 } from 'node:path'
import { refuse } from '../error.ts'
import type { Host } from '../host.ts'
import { answerOf, output } from '../host-linux/commands.ts'

/** Where Windows keeps its own programs, below its folder. No other folder of PATH chooses what the service runs. */
const folders = ['System32', 'System32\\wbem', 'System32\\WindowsPowerShell\\v1.0']

export interface System {
  /** Folder of Windows: `C:\Windows`. */
  root: string
  /** What programs get of an environment: many fail without the folder of the system. */
  env: NodeJS.ProcessEnv
}

export function systemAt(root: string): System {
  const path = folders.map((folder) => win32.join(root, folder)).join(';')
  return { root, env: { SystemRoot: root, windir: root, PATH: path, PATHEXT: '.EXE' } }
}

export function fileOf(command: string, { root }: System): string | undefined {
  // A word, not a path: `..\x` is no name of a program.
  if (!/^[a-z0-9]{1,32}$/i.test(command)) return undefined
  return folders.map((folder) => win32.join(root, folder, `${command}.exe`)).find((file) => existsSync(file))
}

export function newCommands(system: System): Pick<Host, 'has' | 'run' | 'ask'> {
  const programOf = (name: string, args: readonly string[]) => {
    const file = fileOf(name, system)
    return file === undefined ? undefined : { name, file, args, timeZone: undefined, env: system.env }
  }
  return {
    has: (command) => fileOf(command, system) !== undefined,
    run(name, args, signal) {
      const program = programOf(name, args)
      if (program === undefined) throw refuse('command-failed', `There is no ${name} on this machine.`)
      return output(program, signal)
    },
    async ask(name, args, how) {
      const program = programOf(name, args)
      return program === undefined ? { why: `${name} is not installed` } : answerOf(program, how)
    },
  }
}
