import { errnoOf, isRefusal, refuse } from './error.ts'

interface Place {
  data: string
  database?: string | undefined
}

/** What a data folder or a database server that cannot be used says, as a refusal; everything else as it is. */
export function named(cause: unknown, { data, database }: Place): unknown {
  const code = errnoOf(cause)
  if (code === undefined || isRefusal(cause)) return cause
  if (database !== undefined && isOfDatabase(code))
    return refuse('database-unreachable', `The database at ${placeOf(database)} cannot be used (${code}).`, { cause })
  if (full.has(code)) return refuse('disk-full', `The volume of ${data} is full.`, { cause })
  if (code === 'EACCES' || code === 'EPERM')
    return refuse('not-permitted', `This account may not use ${data}.`, { cause })
  if (notFolder.has(code)) return refuse('data-unusable', `${data} is not a folder.`, { cause })
  if (code === 'EROFS') return refuse('data-unusable', `The volume of ${data} can only be read.`, { cause })
  // What Node makes of a new folder on a volume that can only be read.
  if (code === 'ENOENT' && cause instanceof Error && 'syscall' in cause && cause.syscall === 'mkdir')
    return refuse('data-unusable', `${data} cannot be made.`, { cause })
  if (code.startsWith('SQLITE_'))
    return refuse('data-unusable', `A file in ${data} cannot be used (${code}).`, { cause })
  return cause
}

const full = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])
const notFolder = new Set(['ENOTDIR', 'EEXIST', 'EISDIR'])
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** A failed connection, or a class of PostgreSQL: 08 connection, 28 account, 3D database, 57 shut down. */
function isOfDatabase(code: string): boolean {
  return unreachable.has(code) || /^(08|28|3D|57)[0-9A-Z]{3}$/.test(code)
}

/** Without the account and its password. */
function placeOf(database: string): string {
  return URL.parse(database)?.host ?? 'the address given'
}
