import type { Event } from '../decoder.ts'
import type { AuditLine } from './line.ts'
import type { Call } from './syscalls.ts'

/** The file that a call was about: of the names it was given, the last that is no folder on the way to it. */
export function addFile(event: Event, lines: readonly AuditLine[], call: Call | undefined): void {
  const paths = lines.filter(({ type }) => type === 'PATH')
  const { fields } = (call?.name.startsWith('exec') ? paths[0] : paths.findLast(isItself)) ?? {}
  const name = fields?.get('name')
  if (fields === undefined || name === undefined) return
  const folder = lines.find(({ type }) => type === 'CWD')?.fields.get('cwd')
  const [inode, mode, owner] = [fields.get('inode'), fields.get('mode'), fields.get('ouid')]
  event.file = {
    path: name.startsWith('/') || folder === undefined ? name : below(folder, name),
    ...(inode !== undefined && { inode }),
    ...(mode !== undefined && /^[0-7]{4,7}$/.test(mode) && { mode: mode.slice(-4) }),
    ...(owner !== undefined && { uid: owner }),
  }
}

function below(folder: string, name: string): string {
  return `${folder}${folder.endsWith('/') ? '' : '/'}${name.startsWith('./') ? name.slice(2) : name}`
}

function isItself({ fields }: AuditLine): boolean {
  return fields.get('nametype') !== 'PARENT'
}
