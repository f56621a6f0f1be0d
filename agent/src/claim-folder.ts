import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errnoOf, refuse } from './error.ts'
import { enrolmentFile } from './identity.ts'

export const lockName = 'lock.db'

/**
 * Makes the folder, or takes one that is an agent's already, and closes it to everybody but its owner. Any other one is
 * left as it is: whoever names `/etc` by mistake must not find it closed.
 * @throws `data-folder-foreign`, and what the system says
 */
export function claimFolder(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (makeFolder(path) || isAgents(path)) chmodSync(path, 0o700)
  else mustBeFree(path)
}

function mustBeFree(path: string): void {
  if (readdirSync(path).length > 0)
    throw foreign(`${path} is not empty, and no agent ever worked there. Give a new or an empty folder with --data.`)
  if ((statSync(path).mode & 0o077) !== 0)
    throw foreign(`Other accounts may use ${path}. Close it to them with chmod 700, or give a new folder with --data.`)
}

function foreign(says: string) {
  return refuse('data-folder-foreign', says)
}

/** False when something of this name is there already. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 })
    return true
  } catch (cause) {
    if (errnoOf(cause) === 'EEXIST') return false
    throw cause
  }
}

/** It holds what an agent leaves first, of the same owner: in /tmp anybody can lay down a file of that name. */
function isAgents(path: string): boolean {
  const { uid } = statSync(path)
  return [lockName, enrolmentFile].some((name) => {
    const found = lstatSync(join(path, name), { throwIfNoEntry: false })
    return found?.isFile() === true && found.uid === uid
  })
}
