/** Names of the values of a line, in their order. */
export type Fields = readonly string[]

const begin = '#Fields: '
/** More than all fields that IIS knows. */
const most = { characters: 4096, fields: 100 }

/** Names of a `#Fields:` line (w3.org/TR/WD-logfile). Undefined for any other, and for names that none would have. */
export function fieldsOf(header: string): Fields | undefined {
  if (!header.startsWith(begin) || header.length > most.characters) return undefined
  const names = header.slice(begin.length).trim().split(' ')
  const isOne = names.length <= most.fields && names.every((name) => /^[A-Za-z][\w.()-]{0,63}$/.test(name))
  return isOne && names.includes('date') && names.includes('time') ? names : undefined
}

/** Values of a line by their names, those that were not known (a dash) left out; undefined where they do not fit. */
export function valuesOf(text: string, fields: Fields): ReadonlyMap<string, string> | undefined {
  if (text.length > 65_536) return undefined
  const values = text.split(' ', fields.length + 1)
  if (values.length !== fields.length) return undefined
  return new Map(
    fields.flatMap((name, i): [string, string][] => {
      const value = values[i] ?? ''
      return value === '-' || value === '' ? [] : [[name, value]]
    }),
  )
}
