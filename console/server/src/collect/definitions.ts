import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ask } from '@tidewaiter/protocol'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { parseAllDocuments } from 'yaml'
import { refuse } from '../error.ts'

/** A definition of ForensicArtifacts (docs/sources/Format-specification.md of its repository), as far as it is read here. */
const Definition = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  aliases: Type.Optional(Type.Array(Type.String())),
  supported_os: Type.Optional(Type.Array(Type.String())),
  sources: Type.Array(
    Type.Object({
      type: Type.String(),
      attributes: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      supported_os: Type.Optional(Type.Array(Type.String())),
    }),
  ),
})
export type Definition = Static<typeof Definition>

const mostBytes = 4 * 1024 * 1024
const texts = Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), { maxItems: 500 })

/** Definitions of one file. Throws `input-malformed` with the place. */
export function readDefinitions(text: string, name: string): Definition[] {
  // Names that stand for others could make a small file large.
  return [...parseAllDocuments(text)].flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw refuse('input-malformed', `${name}: ${error.message.split('\n', 1)[0]}`)
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    if (value === null) return []
    if (Value.Check(Definition, value)) return [value]
    const [wrong] = Value.Errors(Definition, value)
    throw refuse('input-malformed', `${name}: ${wrong?.instancePath || 'a definition'} ${wrong?.message ?? 'is wrong'}`)
  })
}

/** All definitions of a file, or of the YAML files of a folder. Throws `input-malformed`, `file-unreadable`. */
export async function loadDefinitions(path: string): Promise<Definition[]> {
  try {
    const isFolder = (await stat(path)).isDirectory()
    const names = isFolder ? (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort() : [path]
    const all: Definition[] = []
    for (const name of names) {
      const file = isFolder ? join(path, name) : path
      if ((await stat(file)).size > mostBytes) throw refuse('input-malformed', `${name} has over ${mostBytes} bytes.`)
      all.push(...readDefinitions(await readFile(file, 'utf8'), name))
    }
    return all
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    throw refuse('file-unreadable', `${path} cannot be read.`, { cause })
  }
}

export interface Sets {
  ask: Extract<Ask, { kind: 'artifact-set' }>
  /** What of them no Linux host can give, and why. */
  unusable: { name: string; why: string }[]
}

/** What a Linux host is to be asked for these names; groups are followed. Throws `not-found`, `input-malformed`. */
export function setsOf(definitions: readonly Definition[], names: readonly string[]): Sets {
  const byName = new Map(definitions.flatMap((one) => [one.name, ...(one.aliases ?? [])].map((name) => [name, one])))
  const sets: Sets['ask']['sets'] = []
  const unusable: Sets['unusable'] = []
  const seen = new Set<string>()
  const waiting = [...names]
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const definition = byName.get(name)
    if (definition === undefined) throw refuse('not-found', `No definition is called ${name}.`)
    if (seen.has(definition.name)) continue
    seen.add(definition.name)
    const { paths, groups, others } = usableOf(definition)
    waiting.push(...groups)
    for (const why of others) unusable.push({ name: definition.name, why })
    if (paths.length > 0) sets.push({ name: definition.name, paths })
  }
  if (sets.length === 0) throw refuse('input-malformed', 'Nothing of that names a file a Linux host could have.')
  return { ask: { kind: 'artifact-set', sets }, unusable }
}

/** Sources of one definition: those of other systems, and of kinds that are no files, are named. */
function usableOf({ sources, supported_os }: Definition) {
  const found = { paths: [] as string[], groups: [] as string[], others: [] as string[] }
  for (const { type, attributes = {}, ...source } of sources) {
    const systems = source.supported_os ?? supported_os ?? ['Linux']
    const { paths, names } = attributes
    if (!systems.includes('Linux')) found.others.push(`${type} of ${systems.join(', ')}`)
    else if (type === 'FILE' && Value.Check(texts, paths)) found.paths.push(...paths)
    else if (type === 'ARTIFACT_GROUP' && Value.Check(texts, names)) found.groups.push(...names)
    else found.others.push(`${type} is nothing that is fetched as a file`)
  }
  return found
}
