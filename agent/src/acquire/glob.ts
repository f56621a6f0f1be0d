import { allowancesFor } from '@tidewaiter/protocol'
import type { Acquiring, LeftOut } from './acquirer.ts'

/**
 * `**` without a number goes so deep. The specification of ForensicArtifacts leaves it open; this is what GRR takes, for which
 * the definitions were made first (grr-doc, investigating-with-grr/flows/specifying-file-paths.md).
 */
const usualDepth = 3
/** Folders that one path is looked for in: a tree that is larger is told of. */
const mostFolders = 20_000

interface Walk {
  acquiring: Acquiring
  left: { folders: number }
}

/** Paths of files that fit a pattern, and what could not be looked into. A path that is not there fits nothing. */
export function expand(pattern: string, acquiring: Acquiring): AsyncIterable<string | LeftOut> {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) return only({ path: pattern, why: 'not-usable: leads out of its folder' })
  return walk('', parts, { acquiring, left: { folders: mostFolders } })
}

async function* only(one: LeftOut): AsyncIterable<LeftOut> {
  yield one
}

async function* walk(at: string, parts: readonly string[], with_: Walk): AsyncIterable<string | LeftOut> {
  const [part, ...rest] = parts
  if (part === undefined) return yield* fileAt(at, with_)
  const deep = /^\*\*(\d{1,2})?$/.exec(part)
  if (deep !== null) yield* descend(at, rest, { ...with_, depth: Number(deep[1] ?? usualDepth) })
  else if (/[*?]/.test(part)) yield* match(at, matcherOf(part), { ...with_, rest })
  else yield* walk(`${at}/${part}`, rest, with_)
}

async function* fileAt(path: string, { acquiring }: Walk): AsyncIterable<string> {
  const kind = (await acquiring.host.facts(path))?.kind
  if (kind !== undefined && kind !== 'folder') yield path
}

async function* match(
  at: string,
  fits: (name: string) => boolean,
  { rest, ...with_ }: Walk & { rest: readonly string[] },
): AsyncIterable<string | LeftOut> {
  for await (const name of namesIn(at, with_))
    if (typeof name !== 'string') yield name
    else if (fits(name)) yield* walk(`${at}/${name}`, rest, with_)
}

/** `**` stands for the names in a folder and in those below it. */
async function* descend(
  at: string,
  rest: readonly string[],
  { depth, ...with_ }: Walk & { depth: number },
): AsyncIterable<string | LeftOut> {
  if (rest.length > 0) yield* walk(at, rest, with_)
  if (depth === 0) return
  for await (const name of namesIn(at, with_)) {
    if (typeof name !== 'string') yield name
    else {
      const inside = `${at}/${name}`
      if ((await with_.acquiring.host.facts(inside))?.kind === 'folder')
        yield* descend(inside, rest, { ...with_, depth: depth - 1 })
      else if (rest.length === 0) yield inside
    }
  }
}

/** Names in a folder that may be looked into. No link is a folder here: none is followed. */
async function* namesIn(folder: string, { acquiring, left }: Walk): AsyncIterable<string | LeftOut> {
  const { host, policy, pace, signal } = acquiring
  const path = folder === '' ? '/' : folder
  if ((await host.facts(path))?.kind !== 'folder') return
  const missing = allowancesFor(path, { isFolder: false }).filter((kind) => !policy().allow?.includes(kind))
  if (missing.length > 0) return yield { path, why: `not allowed on this host: ${missing.join(', ')}` }
  if (left.folders === 0) return yield { path, why: `too-many-folders: the limit is ${mostFolders}` }
  left.folders -= 1
  await pace()
  signal.throwIfAborted()
  const names = await host.names(path)
  if (names === undefined) return yield { path, why: 'not-permitted' }
  yield* names.sort()
}

/** One name against `*` and `?`, in time that grows with their lengths alone: whoever names files may choose both. */
function matcherOf(pattern: string): (name: string) => boolean {
  return (name) => {
    let [at, inName, star, after] = [0, 0, -1, 0]
    while (inName < name.length) {
      if (pattern[at] === '*') [star, after, at] = [at, inName, at + 1]
      else if (pattern[at] === '?' || pattern[at] === name[inName]) [at, inName] = [at + 1, inName + 1]
      else if (star < 0) return false
      else [at, after, inName] = [star + 1, after + 1, after + 1]
    }
    return /^\**$/.test(pattern.slice(at))
  }
}
