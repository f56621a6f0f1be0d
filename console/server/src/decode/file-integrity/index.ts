import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, rowIn, textIn } from '../row.ts'
import { fileOf, notHashed, type Said, systemDecoder } from '../system-row.ts'

/** Rows of the agent's comparison of files with what they were. */
export const fileIntegrity: Decoder = systemDecoder({
  id: 'file-integrity',
  title: 'Files of a Linux host that changed, before and after',
  kinds: { watched: { category: 'file', say: sayWatched }, look: { category: 'file', say: sayWalk } },
})

const types: Readonly<Record<string, string>> = { file: 'file', folder: 'dir', link: 'symlink' }
/** What of a file is compared, in the order in which it is told. */
const compared = ['type', 'sha256', 'target', 'mode', 'uid', 'gid', 'size', 'inode', 'mtime', 'ctime']

function sayWatched(row: Row): Said | undefined {
  const path = textIn(row, 'path')
  if (path === undefined) return undefined
  const before = rowIn(row, 'before')
  const isNew = row.before === null
  const isBefore = row.before !== undefined && !isNew
  const isGone = textIn(row, 'type') === undefined
  const changed = isBefore && !isGone ? compared.filter((name) => Object.hasOwn(before, name)) : []
  return {
    message: isNew ? `${path}: new` : changed.length === 0 ? path : `${path}: ${changed.join(', ')} changed`,
    fields: { file: watchedFile(row, path) },
    more: {
      ...notHashed(row),
      ...(isNew && { new: true }),
      ...(changed.length > 0 && { changed }),
      ...(isBefore && { before: defined({ ...watchedFile(before, undefined), ...notHashed(before) }) ?? {} }),
    },
  }
}

function watchedFile(row: Row, path: string | undefined): Record<string, unknown> {
  const type = textIn(row, 'type')
  return {
    ...fileOf(path === undefined ? row : { ...row, path }),
    ...defined({
      type: type === undefined ? undefined : types[type],
      inode: textIn(row, 'inode'),
      device: textIn(row, 'device'),
      target_path: textIn(row, 'target'),
    }),
  }
}

function sayWalk(row: Row): Said | undefined {
  const [kept, changes, read] = [countIn(row, 'kept'), countIn(row, 'changes'), countIn(row, 'read')]
  if (kept === undefined) return undefined
  const end = row.whole === true ? 'to the end' : 'not to the end'
  return {
    message: `${kept} files and folders compared ${end}: ${changes ?? 0} changes, ${read ?? 0} read`,
    more:
      defined({
        ...{ kept, changes, read, files: countIn(row, 'files'), folders: countIn(row, 'folders') },
        ...{ folders_cut: countIn(row, 'cut'), left_out: countIn(row, 'leftOut'), bytes: countIn(row, 'bytes') },
        whole: row.whole === true,
      }) ?? {},
  }
}
