import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { Policy } from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml'
import { defaultConfig } from './config-path.ts'
import { databaseProblemOf } from './database-config.ts'
import { errnoOf, refuse } from './error.ts'

/** A configuration has a few hundred bytes. */
const mostBytes = 256 * 1024

/**
 * Reads the file by which IT says what this host gives: the schema is that of a policy. No file at the default path
 * means no limits of its own; one that was named must be there.
 * @param known ids of the collectors this agent has
 * @throws `config-malformed` with the line and the fix, `not-permitted`
 */
export function readConfig(path: string | undefined, known: readonly string[]): Policy {
  const file = path ?? defaultConfig
  const text = readText(file)
  if (text !== undefined) return parseConfig(text, { file, known })
  if (path === undefined) return {}
  throw refuse('config-malformed', `${file} does not exist. Give the path of the configuration with --config.`)
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw refuse('not-permitted', `${file} cannot be read by this account. Run the agent as its own account.`, {
      cause,
    })
  }
}

/** Throws `config-malformed`. */
export function parseConfig(text: string, { file, known }: { file: string; known: readonly string[] }): Policy {
  const lines = new LineCounter()
  const wrong = (says: string, offset: number) =>
    refuse('config-malformed', `${file}, line ${lines.linePos(offset).line || 1}: ${says}`)
  if (text.length > mostBytes) throw wrong(`the file is larger than ${mostBytes} bytes.`, 0)
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true })
  const [error] = document.errors
  if (error !== undefined) throw wrong(`${firstLine(error.message)}. Correct the YAML.`, error.pos[0])
  const alias = offsetOfAlias(document)
  if (alias !== undefined) throw wrong('references (*) are not taken. Write the value out.', alias)
  const policy: unknown = document.toJS() ?? {}
  const problem = Value.Check(Policy, policy) ? problemOf(policy, known) : shapeProblemOf(policy)
  if (problem !== undefined) throw wrong(problem.says, offsetOf(document, problem.path))
  // Checked above; a value without problem is of this shape.
  return policy as Policy
}

interface Problem {
  path: string[]
  says: string
}

/** What is of the right shape but cannot be meant: a collector that does not exist would silently collect nothing. */
function problemOf(
  { sources = [], files = [], integrity = [], databases = [] }: Policy,
  known: readonly string[],
): Problem | undefined {
  const unknown = sources.findIndex((id) => !known.includes(id))
  if (unknown >= 0)
    return {
      path: ['sources', `${unknown}`],
      says: `"${sources[unknown]}" is not a collector of this agent. Use one of: ${known.join(', ')}.`,
    }
  for (const [key, paths] of [
    ['files', files],
    ['integrity', integrity],
  ] as const) {
    const relative = paths.findIndex((path) => !isAbsolute(path))
    if (relative >= 0)
      return { path: [key, `${relative}`], says: `"${paths[relative]}" is not a full path. Begin it with /.` }
  }
  return databaseProblemOf(databases)
}

function shapeProblemOf(policy: unknown): Problem {
  const [error] = Value.Errors(Policy, policy)
  const path = (error?.instancePath ?? '').split('/').slice(1)
  if (error?.keyword === 'boolean') return { path, says: unknownKey(path) }
  const name = path.length === 0 ? 'the file' : `"${path.join('.')}"`
  const allowed = error?.keyword === 'const' ? ' Allowed: process-memory, mail, home, history.' : ''
  return { path, says: `${name} ${error?.message ?? 'is not of the known shape'}.${allowed}` }
}

function unknownKey(path: string[]): string {
  const inCaps = path.length > 1
  const settings = inCaps ? Policy.properties.caps.properties : Policy.properties
  const where = inCaps ? ` under ${path[0]}` : ''
  return `"${path.at(-1)}" is not a setting${where}. Known there: ${Object.keys(settings).join(', ')}.`
}

/** Where the value stands; of an unknown key, where its value does. */
function offsetOf(document: Document, path: string[]): number {
  const node = document.getIn(path, true)
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

/** A few lines of references to references grow into gigabytes. */
function offsetOfAlias(document: Document): number | undefined {
  let offset: number | undefined
  visit(document, {
    Alias(_, { range }) {
      offset = range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/( at line .*)?[.:]*$/, '')
}
