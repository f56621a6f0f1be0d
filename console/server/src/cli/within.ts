import { sep } from 'node:path'

/** True for the folder itself, and for what lies below it. Both are full paths. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}${sep}`)
}
