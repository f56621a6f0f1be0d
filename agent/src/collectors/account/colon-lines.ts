import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'

/** Of a file with more than that only the beginning is read, and its row says so. */
const most = 4 * 1024 * 1024
const mostLines = 50_000

/**
 * Lines of a file of colon-separated fields (passwd(5), shadow(5), group(5)), and a row of the file itself. Blank lines
 * and comments say nothing; a line with too few fields is told by its number alone, as it may hold a password.
 * @param hashed false for a file whose digest would give away what it holds
 */
export async function* colonLines(
  host: Host,
  table: LastingTable,
  { path, fields, hashed = true }: { path: string; fields: number; hashed?: boolean },
): AsyncGenerator<string[]> {
  const file = await seeFile(host, path, { most, hashed })
  if (file === undefined) return
  const lines = file.text.split('\n', mostLines + 1)
  const isCut = file.isCut || lines.length > mostLines
  table.add({ kind: 'file', path }, { ...file.about, ...(isCut && { cut: true }) })
  for (const [at, line] of lines.slice(0, mostLines).entries()) {
    if (at % 1_000 === 999) await host.breathe()
    if (line.trim() === '' || line.startsWith('#')) continue
    const parts = line.split(':')
    if (parts.length >= fields) yield parts
    else if (!isCut || at < lines.length - 1) table.add({ kind: 'malformed', path, line: at + 1 })
  }
}
