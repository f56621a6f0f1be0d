import { refuse } from '../error.ts'
import { type Folder, openFolder } from './folder.ts'
import { loadMaterial, materialNames } from './material.ts'
import { type Material, openSealed } from './recovery.ts'

/** What opens a sealed file. */
export type SealedWith = { recoveryKey: string } | { passphrase: string }

/** A key that was rotated after the file was sealed is newer than the one in it. All others stay as long as the console does. */
const rotated: readonly string[] = ['ledger.pem', 'package.pem', 'keys.json']

/**
 * Makes a keys folder anew from `recovery.age` or a key export, or puts back what is missing in it; returns the names of
 * the files that were written. A file that is there is never overwritten.
 * @throws `keys-damaged` when the file does not open or does not hold all keys, `keys-other` when the folder holds keys
 * that are not in it
 */
export async function restoreKeys(dir: string, sealed: { file: Uint8Array } & SealedWith): Promise<string[]> {
  const files = await openSealed(sealed.file, sealed)
  checkMaterial(files)
  const folder = openFolder(dir)
  dropHalfMade(folder)
  checkSame(folder, files)
  const missing = materialNames.filter((name) => folder.read(name) === undefined)
  for (const name of missing) folder.write(name, files[name] ?? '')
  return missing
}

/** Reads it as a console would, so that a folder is either good or as it was before. */
function checkMaterial(files: Material): void {
  const read = (name: string) => (files[name] === undefined ? undefined : Buffer.from(files[name]))
  loadMaterial({ path: 'that was sealed', read })
}

/** What a first run left that died half way was never used. The mark goes before a good file comes. */
function dropHalfMade(folder: Folder): void {
  if (folder.read('creating') === undefined) return
  for (const name of materialNames) folder.remove(name)
  folder.remove('creating')
}

function checkSame(folder: Folder, files: Material): void {
  const there = materialNames.filter((name) => folder.read(name) !== undefined)
  const other = there.filter((name) => folder.read(name)?.toString() !== files[name])
  const isSameConsole = there.some((name) => !rotated.includes(name) && !other.includes(name))
  const alien = isSameConsole ? other.filter((name) => !rotated.includes(name)) : other
  if (alien.length > 0)
    throw refuse('keys-other', `The keys folder ${folder.path} holds other keys: ${alien.join(', ')}.`)
}
