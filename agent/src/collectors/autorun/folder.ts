import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'

const mostFiles = 2_000
/** Of one file, and of one line. */
const most = { lines: 2_000, characters: 4_000 }

/** Paths of what a folder holds, in the order of their names; that there are more than anybody needs is a row. */
export async function* pathsIn(host: Host, table: LastingTable, folder: string): AsyncGenerator<string> {
  const names = (await host.list(folder)).sort()
  for (const name of names.slice(0, mostFiles)) {
    yield `${folder}/${name}`
    await host.breathe()
  }
  if (names.length > mostFiles)
    table.add({ kind: 'not-looked', path: folder }, { why: `more than ${mostFiles} files` }, { files: names.length })
}

export interface Line {
  line: number
  text: string
}

/**
 * Lines that say something: no blank ones, no comments; one that ends with a backslash goes on in the next, unless it is
 * longer than anybody reads.
 */
export function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let open: Line | undefined
  for (const [at, each] of text.split('\n').entries()) {
    const line: Line = { line: open?.line ?? at + 1, text: (open?.text ?? '') + each.trimStart() }
    if (line.text.endsWith('\\') && !line.text.startsWith('#') && line.text.length <= most.characters) {
      open = { ...line, text: `${line.text.slice(0, -1)} ` }
      continue
    }
    open = undefined
    const said = line.text.trim()
    if (said !== '' && !said.startsWith('#')) lines.push({ ...line, text: said })
  }
  return lines
}

/** At most as many lines, and as much of each, as anybody reads; `isCut` where that is not all. */
export function bounded(lines: readonly Line[]): { lines: Line[]; isCut: boolean } {
  const kept = lines.slice(0, most.lines)
  const isCut = kept.length < lines.length || kept.some(({ text }) => text.length > most.characters)
  return { lines: kept.map(({ line, text }) => ({ line, text: text.slice(0, most.characters) })), isCut }
}
