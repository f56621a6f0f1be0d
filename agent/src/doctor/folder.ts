import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, refuse } from '../error.ts'
import type { Examined, Finding } from './finding.ts'

const name = 'data-folder'

/** The folder is there, and nobody else can look into it. Throws `not-permitted`. */
export function folderFinding({ path }: Examined): Finding {
  const folder = statOf(path)
  if (folder === undefined)
    return { name, ok: false, says: `${path} does not exist`, fix: 'tidewaiter-agent enroll --token-file FILE' }
  if (!folder.isDirectory())
    return { name, ok: false, says: `${path} is not a folder`, fix: 'Give another one with --data.' }
  const open = [path, ...filesIn(path)].filter((file) => ((statOf(file)?.mode ?? 0) & 0o077) !== 0)
  if (open.length === 0) return { name, ok: true, says: `${path}, for its owner only` }
  return {
    name,
    ok: false,
    says: `other accounts may use ${open.slice(0, 3).join(', ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''}`,
    fix: `chmod -R go= ${path}`,
  }
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

function filesIn(path: string): string[] {
  try {
    return readdirSync(path).map((file) => join(path, file))
  } catch (cause) {
    if (errnoOf(cause) !== 'EACCES') throw cause
    throw refuse('not-permitted', `This account may not look into ${path}. Run the command as root.`, { cause })
  }
}
