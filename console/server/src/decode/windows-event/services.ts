import type { Meaning } from './meaning.ts'
import { putter, type Rule, text, textIn } from './rule.ts'

const putPath = putter('file.path')

/** @param path name of the value with the command line of the service */
export function installed(path: string, who: readonly Rule[]): Meaning {
  return {
    says: 'A service was installed',
    action: 'service-installed',
    category: ['configuration'],
    type: ['creation'],
    outcome: 'success',
    rules: [
      ...who,
      text('ServiceName', 'service.name'),
      (document, fields) => putPath(document, programOf(textIn(fields, path))),
    ],
    about: 'service.name',
  }
}

/** The program of a command line: what stands in quotes, or up to the end of the first name of a program. */
function programOf(commandLine: string | undefined): string | undefined {
  if (commandLine === undefined) return undefined
  if (commandLine.startsWith('"'))
    return commandLine.slice(1, (commandLine.indexOf('"', 1) + 1 || commandLine.length + 1) - 1)
  const folded = commandLine.toLowerCase()
  for (const kind of ['.exe', '.sys', '.dll']) {
    const at = folded.indexOf(`${kind} `)
    if (at >= 0) return commandLine.slice(0, at + 4)
    if (folded.endsWith(kind)) return commandLine
  }
  const blank = commandLine.indexOf(' ')
  return blank < 0 ? commandLine : commandLine.slice(0, blank)
}
