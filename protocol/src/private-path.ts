import type { PrivateKind } from './policy.ts'

/** Where systems keep what is personal, written as `partsOf` gives it. */
const places: readonly { at: readonly string[]; kinds: readonly PrivateKind[] }[] = [
  { at: ['home'], kinds: ['home'] },
  { at: ['root'], kinds: ['home'] },
  { at: ['users'], kinds: ['home'] },
  { at: ['documents and settings'], kinds: ['home'] },
  { at: ['var', 'mail'], kinds: ['mail'] },
  { at: ['var', 'spool', 'mail'], kinds: ['mail'] },
  // Processes show their memory and their view of the file system here, devices those of the machine.
  { at: ['proc'], kinds: ['process-memory', 'home'] },
  { at: ['dev'], kinds: ['process-memory', 'home'] },
]

const everyKind: readonly PrivateKind[] = ['process-memory', 'mail', 'home', 'history']

/**
 * The allowances that reading a path needs, by its text alone: at or under a place where personal data is, or, of a
 * folder, above one. A path that is not written plainly (relative, with `..`, with two separators in a row) can lead
 * anywhere and needs all of them. Links are not seen: who opens a file asks again with the path that it really has.
 */
export function allowancesFor(path: string, { isFolder }: { isFolder: boolean }): readonly PrivateKind[] {
  const parts = partsOf(path)
  if (parts === undefined) return everyKind
  const reached = places.filter(({ at }) => begins(parts, at) || (isFolder && begins(at, parts)))
  return everyKind.filter((kind) => reached.some(({ kinds }) => kinds.includes(kind)))
}

/** Names on the way to a file, as the least careful file system reads them; undefined for a path that is not plain. */
function partsOf(path: string): string[] | undefined {
  const [, inside] = /^(?:[a-z]:)?[\\/](.*)$/is.exec(path) ?? []
  if (inside === undefined) return undefined
  const parts = inside.toLowerCase().split(/[\\/]/)
  // A separator at the end names the same folder; the root has nothing else.
  if (parts.at(-1) === '') parts.pop()
  // Windows drops dots and spaces at the end of a name.
  const names = parts.map((part) => part.replace(/[. ]{1,255}$/, ''))
  return names.includes('') ? undefined : names
}

function begins(parts: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((part, i) => part === parts[i])
}
