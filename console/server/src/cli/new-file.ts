import { type FileHandle, open } from 'node:fs/promises'
import { refuse } from '../error.ts'

/** One that only its owner may read; never in place of another. Throws `file-unwritable`. */
export async function newFile(name: string): Promise<FileHandle> {
  try {
    return await open(name, 'wx', 0o600)
  } catch (cause) {
    throw refuse('file-unwritable', `${name} cannot be written, or is there already.`, { cause })
  }
}
