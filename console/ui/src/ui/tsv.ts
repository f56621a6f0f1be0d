/**
 * Rows as tab-separated text for a spreadsheet. A cell that a spreadsheet would take as a formula gets a leading
 * apostrophe (OWASP, CSV injection); tabs and line breaks inside a cell become spaces.
 */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(cell).join('\t')).join('\n')
}

function cell(text: string): string {
  const flat = text.replace(/[\t\r\n\v\f\u0085\u2028\u2029]+/g, ' ')
  return /^\s*[=+\-@＝＋－＠]/.test(flat) ? `'${flat}` : flat
}
