/** Fields of one record of CSV (RFC 4180); undefined where a quote is not closed or stands where none can. */
export function csvFields(text: string, mostFields = 64): string[] | undefined {
  const fields: string[] = []
  for (let at = 0; fields.length < mostFields; ) {
    const field = text.charCodeAt(at) === 34 ? quoted(text, at) : plain(text, at)
    if (field === undefined) return undefined
    fields.push(field.value)
    if (field.end >= text.length) return fields
    if (text.charCodeAt(field.end) !== 44) return undefined
    at = field.end + 1
  }
  return undefined
}

interface Field {
  value: string
  end: number
}

function plain(text: string, from: number): Field {
  const comma = text.indexOf(',', from)
  const end = comma < 0 ? text.length : comma
  return { value: text.slice(from, end), end }
}

function quoted(text: string, from: number): Field | undefined {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2))
    if (text.charCodeAt(at + 1) !== 34) return { value: text.slice(from + 1, at).replaceAll('""', '"'), end: at + 1 }
  return undefined
}

/** True where a quote is open at the end, so that the record goes on in the next line. */
export function isOpenCsv(texts: readonly string[]): boolean {
  let quotes = 0
  for (const text of texts) for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 1
}
