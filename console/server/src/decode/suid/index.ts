import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { fileOf, type Kind, notHashed, type Said, systemDecoder } from '../system-row.ts'

const file: Kind = { category: 'file', say: sayPrivileged }

/** Rows of the agent's walks for files that give the rights of somebody else. */
export const privilegedFiles: Decoder = systemDecoder({
  id: 'suid',
  title: 'Programs of a Linux host with setuid, setgid or capabilities',
  kinds: { 'setid-file': file, 'capable-file': file, walk: { category: 'file', say: sayWalk } },
})

function sayPrivileged(row: Row): Said | undefined {
  const [file, path] = [fileOf(row), textIn(row, 'path')]
  if (file === undefined || path === undefined) return undefined
  const mode = Number.parseInt(textIn(row, 'mode') ?? '0', 8)
  const gives = [
    ...((mode & 0o4000) === 0 ? [] : ['setuid']),
    ...((mode & 0o2000) === 0 ? [] : ['setgid']),
    ...[textIn(row, 'capabilities')].filter((each) => each !== undefined),
  ]
  return {
    message: [path, ...gives].join(' '),
    fields: { file },
    more: { ...defined({ gives: gives.length === 0 ? undefined : gives }), ...notHashed(row) },
  }
}

function sayWalk(row: Row): Said | undefined {
  const [path, why, files, cut] = [textIn(row, 'path'), textIn(row, 'why'), countIn(row, 'files'), countIn(row, 'cut')]
  if (path === undefined) return undefined
  const end = why === undefined ? 'walked to the end' : `not walked to the end: ${why}`
  return {
    message: `${path}: ${files ?? 0} files, ${end}`,
    fields: { file: { path } },
    more:
      defined({
        ...{ files, folders: countIn(row, 'folders'), folders_cut: cut, type: textIn(row, 'type') },
        ...{ whole: why === undefined && (cut ?? 0) === 0, why },
      }) ?? {},
  }
}
