import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import Value from 'typebox/value'
import { refuse } from './error.ts'

/**
 * Every body, parameter and query is checked against its TypeBox schema as it is: nothing is coerced and nothing
 * stripped, which fastify's own default would do silently. Only a query string, which is all text, has its numbers read.
 */
export function checkStrictly(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const validator = Compile(schema)
    return (input: unknown) => {
      const value = httpPart === 'body' ? input : Value.Convert(schema, input)
      if (validator.Check(value)) return { value }
      return { error: refuse('input-malformed', saysOf(schema, validator.Errors(value))) }
    }
  })
}

function saysOf(schema: TSchema, errors: readonly TLocalizedValidationError[]): string {
  const [first] = errors
  const where = first?.instancePath.slice(1).replaceAll('/', '.') || 'The input'
  // A closed list of words gives an error for each of them.
  const words = errors.flatMap(({ keyword, instancePath, params }) =>
    keyword === 'const' && instancePath === first?.instancePath ? [String(params.allowedValue)] : [],
  )
  if (words.length > 0) return `${where}: must be ${words.join(', ').replace(/, ([^,]*)$/, ' or $1')}.`
  // A pattern is for machines: its schema says in words what it stands for.
  if (first?.keyword === 'pattern')
    return `${where}: must be ${meaningOf(schema, first.instancePath) ?? 'of the form that is asked for'}.`
  return `${where}: ${first?.message ?? 'not of the shape that is asked for'}.`
}

/** The description of the part of a schema at `/a/b` of what it checks. */
function meaningOf(schema: TSchema, path: string): string | undefined {
  let part: unknown = schema
  for (const name of path.split('/').slice(1)) part = memberOf(memberOf(part, 'properties'), name)
  const description = memberOf(part, 'description')
  return typeof description === 'string' ? description : undefined
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  // Narrowed to an object that has the key.
  return (value as Record<string, unknown>)[name]
}
