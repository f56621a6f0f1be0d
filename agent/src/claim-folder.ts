import { execFileSync } from 'node:child_process'
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
  if (makeFolder(path) || isAgents(path)) close(path)
  else mustBeFree(path)
}

function mustBeFree(path: string): void {
  if (readdirSync(path).length > 0)
    throw foreign(`${path} is not empty, and no agent ever worked there. Give a new or an empty folder with --data.`)
  // Of permissions of Windows the mode says nothing.
  if (process.platform === 'win32') close(path)
  else if ((statSync(path).mode & 0o077) !== 0)
    throw foreign(`Other accounts may use ${path}. Close it to them with chmod 700, or give a new folder with --data.`)
}

/** Where Windows is on nearly every machine; one that has it elsewhere is refused, not left open. */
const icacls = 'C:\\Windows\\System32\\icacls.exe'
/** The system and the group of administrators, by the numbers they have in every language ("Security identifiers"). */
const [system, administrators] = ['*S-1-5-18', '*S-1-5-32-544']
const powerShell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'
/** The folder is handed over beside the text, which nothing is put into. */
const ownerScript =
  '(Get-Acl -LiteralPath $env:TIDEWAITER_FOLDER).GetOwner([System.Security.Principal.SecurityIdentifier]).Value'

function close(path: string): void {
  if (process.platform === 'win32') closeByRules(path)
  else chmodSync(path, 0o700)
}

function closeByRules(path: string): void {
  const rules = [system, administrators].map((who) => `${who}:(OI)(CI)F`)
  try {
    // First the owner: whoever made the folder could give himself back what is taken away.
    execFileSync(icacls, [path, '/setowner', administrators, '/T', '/Q'], { stdio: 'ignore', windowsHide: true })
    execFileSync(icacls, [path, '/inheritance:r', '/grant:r', ...rules, '/Q'], { stdio: 'ignore', windowsHide: true })
  } catch (cause) {
    const says = `${path} cannot be closed to other accounts. Run the command as an administrator.`
    throw refuse('not-permitted', says, { cause })
  }
}

/** Node tells no owners on Windows, and below ProgramData anybody can lay down a folder that looks like an agent's. */
function isOfAdministrators(path: string): boolean {
  try {
    const owner = execFileSync(powerShell, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', ownerScript], {
      env: { SystemRoot: 'C:\\Windows', TIDEWAITER_FOLDER: path },
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'latin1',
      timeout: 30_000,
      windowsHide: true,
    })
    return [system, administrators].includes(`*${owner.trim()}`)
  } catch {
    return false
  }
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
  if (process.platform === 'win32' && !isOfAdministrators(path)) return false
  const { uid } = statSync(path)
  return [lockName, enrolmentFile].some((name) => {
    const found = lstatSync(join(path, name), { throwIfNoEntry: false })
    return found?.isFile() === true && found.uid === uid
  })
}
