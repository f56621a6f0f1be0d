import { toIp } from '../address.ts'
import type { Message } from '../decoder.ts'
import { defined } from '../row.ts'
import { toEndpoint } from '../sentence.ts'

interface Known {
  type: string
  action: string
  /** How many arguments stand before the name of the file. */
  before?: number
}

const changed = { type: 'change', action: 'file-changed' }
const permissions = { type: 'change', action: 'permissions-changed' }
const read = { type: 'access', action: 'file-read' }
const written = { type: 'change', action: 'file-written' }

/** Operations of the virtual file system that say something of a file (source3/modules/vfs_full_audit.c), old names and new. */
const operations: Readonly<Record<string, Known>> = {
  connect: { type: 'access', action: 'share-connected' },
  disconnect: { type: 'info', action: 'share-disconnected' },
  open: { type: 'access', action: 'file-opened', before: 1 },
  openat: { type: 'access', action: 'file-opened', before: 1 },
  create_file: { type: 'access', action: 'file-opened', before: 3 },
  close: { type: 'access', action: 'file-closed' },
  read,
  pread: read,
  pread_send: read,
  sendfile: read,
  write: written,
  pwrite: written,
  pwrite_send: written,
  recvfile: written,
  ftruncate: changed,
  fallocate: changed,
  fset_dos_attributes: changed,
  set_dos_attributes: changed,
  mkdir: { type: 'creation', action: 'directory-created' },
  mkdirat: { type: 'creation', action: 'directory-created' },
  rmdir: { type: 'deletion', action: 'directory-deleted' },
  unlink: { type: 'deletion', action: 'file-deleted' },
  unlinkat: { type: 'deletion', action: 'file-deleted' },
  rename: { type: 'change', action: 'file-renamed' },
  renameat: { type: 'change', action: 'file-renamed' },
  chmod: permissions,
  fchmod: permissions,
  chown: permissions,
  fchown: permissions,
  fset_nt_acl: permissions,
  sys_acl_set_fd: permissions,
  sys_acl_set_file: permissions,
}

/** What stands between the prefix and the arguments. */
interface Said {
  prefix: readonly string[]
  operation: string
  /** Absent where it went well. */
  failure?: string
  more: readonly string[]
}

/**
 * `ana|192.0.2.7|openat|ok|r|/srv/entries/a.txt` (vfs_full_audit(8)): a prefix as it was set, `%u|%I` where it was not,
 * the operation, its outcome, its arguments. Undefined for any other text.
 */
export function readOperation(text: string): Message | undefined {
  const said = text.length > 8192 ? undefined : split(text)
  if (said === undefined) return undefined
  const { prefix, operation, failure, more } = said
  const known = Object.hasOwn(operations, operation) ? operations[operation] : undefined
  const isShare = operation === 'connect' || operation === 'disconnect'
  const message: Message = {
    event: {
      category: isShare ? ['network'] : ['file'],
      type: [known?.type ?? 'info'],
      outcome: failure === undefined ? 'success' : 'failure',
      action: known?.action ?? 'file-system-call',
      ...(failure !== undefined && { reason: failure }),
    },
    service: { name: 'smbd' },
    network: { protocol: 'smb' },
    ...whoOf(prefix),
  }
  const { file, ...own } = isShare ? { share: more.join('|') } : filesOf(operation, more, known?.before ?? 0)
  if (file !== undefined) message.file = file
  message.tidewaiter = defined({ operation, ...own, ...message.tidewaiter }) ?? {}
  return message
}

function split(text: string): Said | undefined {
  const parts = text.split('|', 64)
  for (let at = 1; at + 1 < parts.length; at++) {
    const [operation = '', outcome = ''] = parts.slice(at, at + 2)
    const failure = /^fail \((.{0,200})\)$/.exec(outcome)?.[1]
    if (!/^[a-z][a-z0-9_]{2,40}$/.test(operation) || (outcome !== 'ok' && failure === undefined)) continue
    const more = parts.slice(at + 2)
    return { prefix: parts.slice(0, at), operation, ...(failure !== undefined && { failure }), more }
  }
  return undefined
}

/** The prefix is taken as it is without a setting: the account, then its address. What else stands there has no names. */
function whoOf([user = '', address = '', ...others]: readonly string[]): Partial<Message> {
  if (toIp(address) === undefined)
    return { tidewaiter: { prefix: [user, address, ...others].filter((each) => each !== '') } }
  const mark = Math.max(user.lastIndexOf('\\'), user.lastIndexOf('+'))
  return {
    ...(user !== '' && {
      user: { name: user.slice(mark + 1), ...(mark > 0 && { domain: user.slice(0, mark) }) },
    }),
    source: toEndpoint(address),
    ...(others.length > 0 && { tidewaiter: { prefix: others } }),
  }
}

interface Files {
  file?: Record<string, unknown>
  mode?: string | undefined
  disposition?: string | undefined
  arguments?: readonly string[]
  previous_path?: string
}

/** A name may hold a bar: of one name all that follows is taken, of two neither where there is more than one bar. */
function filesOf(operation: string, more: readonly string[], before: number): Files {
  if (operation === 'rename' || operation === 'renameat') {
    const [from, to] = more
    if (from === undefined || to === undefined || more.length > 2) return { arguments: more }
    return { file: fileOf(to), previous_path: from }
  }
  const path = more.slice(before).join('|')
  const isKnown = Object.hasOwn(operations, operation)
  if (path === '' || !isKnown) return more.length > 0 ? { arguments: more } : {}
  const mode = before === 1 ? more[0] : undefined
  const disposition = before === 3 ? more[2] : undefined
  return { file: fileOf(path, more[1]), mode, disposition }
}

function fileOf(path: string, kind?: string): Record<string, unknown> {
  const slash = path.lastIndexOf('/')
  return {
    path,
    name: path.slice(slash + 1),
    ...(slash > 0 && { directory: path.slice(0, slash) }),
    ...((kind === 'dir' || kind === 'file') && { type: kind }),
  }
}
