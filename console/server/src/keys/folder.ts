import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'

/** Files of secrets: a folder only its owner can enter. */
export interface Folder {
  path: string
  /** Undefined when there is no such file. */
  read(name: string): Buffer | undefined
  /** Replaces the file at once or not at all, also when the power goes. */
  write(name: string, data: string | Uint8Array): void
  remove(name: string): void
}

/** Opens or makes the folder with mode 0700. Windows ignores modes: there the folder inherits the rights of its parent. */
export function openFolder(path: string): Folder {
  makeFolder(path)
  chmodSync(path, 0o700)
  return {
    path,
    read: (name) => readIfThere(join(path, name)),
    write(name, data) {
      const file = join(path, name)
      writeSynced(`${file}.new`, typeof data === 'string' ? Buffer.from(data) : data)
      renameSync(`${file}.new`, file)
      syncFolder(path)
    },
    remove(name) {
      rmSync(join(path, name), { force: true })
      rmSync(join(path, `${name}.new`), { force: true })
      syncFolder(path)
    },
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function writeSynced(file: string, data: Uint8Array): void {
  rmSync(file, { force: true })
  const handle = openSync(file, 'wx', 0o600)
  try {
    for (let at = 0; at < data.length; ) at += writeSync(handle, data, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Makes names durable after a create, rename or remove. Windows has no such call for folders and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
