import { defined } from '../row.ts'

/** Attributes of a name (RFC 4514, 3), and what ECS calls them. */
const attributes: Readonly<Record<string, string>> = {
  ...{ CN: 'common_name', O: 'organization', OU: 'organizational_unit' },
  ...{ C: 'country', L: 'locality', ST: 'state_or_province' },
}
const mostNames = 100

/** Of one attribute a line, as OpenSSL writes them (`C=US\nO=Example`). What is escaped stays so. */
export function partyOf(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined
  const lines = text.split('\n')
  const values = new Map<string, string[]>()
  for (const line of lines) {
    const at = line.indexOf('=')
    const field = attributes[line.slice(0, at)]
    if (field !== undefined) values.set(field, [...(values.get(field) ?? []), line.slice(at + 1)])
  }
  return defined({ distinguished_name: lines.join(', '), ...Object.fromEntries(values) })
}

/** `DNS:a.example, IP Address:192.0.2.1`; one with a quoted value (it holds a comma) is left out. */
export function alternativeNames(text = ''): string[] {
  const names = text.split(', ').flatMap((each) => /^(?:DNS|IP Address):([^"\s,]{1,300})$/.exec(each)?.[1] ?? [])
  return [...new Set(names)].slice(0, mostNames)
}
