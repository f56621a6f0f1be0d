/** What the lines with `#` at the head of a log say of those behind them. */
export interface Header {
  separator: string
  setSeparator: string
  empty: string
  unset: string
  /** Name of the log, such as `conn`. */
  path?: string
  fields: readonly string[]
}

const most = { characters: 8192, fields: 200 }
const beginning: Header = { separator: '\t', setSeparator: ',', empty: '(empty)', unset: '-', fields: [] }

/**
 * The header with one more of its lines (docs.zeek.org, "Zeek Log Formats"); undefined for a line that is none of it,
 * such as `#close`. A `#separator` begins a new one.
 */
export function addHeaderLine(before: Header | undefined, line: string): Header | undefined {
  if (line.length > most.characters) return undefined
  const separator = /^#separator (?<text>(?:\\x[0-9A-Fa-f]{2}|\S){1,8})$/.exec(line)?.groups?.text
  if (separator !== undefined) return { ...beginning, separator: unescaped(separator) }
  const header = before ?? beginning
  const [name, ...values] = line.split(header.separator)
  const [value] = values
  if (value === undefined) return undefined
  if (name === '#set_separator') return { ...header, setSeparator: value }
  if (name === '#empty_field') return { ...header, empty: value }
  if (name === '#unset_field') return { ...header, unset: value }
  if (name === '#path') return { ...header, path: value.slice(0, 64) }
  return name === '#fields' && areNames(values) ? { ...header, fields: values } : undefined
}

function areNames(values: readonly string[]): boolean {
  return values.length <= most.fields && values.every((value) => /^[A-Za-z_@][\w.@-]{0,63}$/.test(value))
}

export function unescaped(text: string): string {
  return text.includes('\\x')
    ? text.replace(/\\x([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
}

/** The header as one text, for the events that cannot be read without it: what is as usual is left out. */
export function headerText({ separator, setSeparator, empty, unset, path, fields }: Header): string {
  const code = separator.charCodeAt(0).toString(16).padStart(2, '0')
  const lines = [`#separator \\x${code}`]
  if (setSeparator !== beginning.setSeparator) lines.push(['#set_separator', setSeparator].join(separator))
  if (empty !== beginning.empty) lines.push(['#empty_field', empty].join(separator))
  if (unset !== beginning.unset) lines.push(['#unset_field', unset].join(separator))
  if (path !== undefined) lines.push(['#path', path].join(separator))
  return [...lines, ['#fields', ...fields].join(separator)].join('\n')
}

/** The header that a text of `headerText` says. */
export function headerOf(text: string): Header | undefined {
  let header: Header | undefined
  for (const line of text.split('\n', 10)) header = addHeaderLine(header, line) ?? header
  return header?.fields.length === 0 ? undefined : header
}
