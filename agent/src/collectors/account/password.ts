/** Names of the algorithms that crypt(5) marks by a prefix. */
const algorithms: Readonly<Record<string, string>> = {
  '1': 'md5crypt',
  '2': 'bcrypt',
  '2a': 'bcrypt',
  '2b': 'bcrypt',
  '2x': 'bcrypt',
  '2y': 'bcrypt',
  '3': 'nthash',
  '5': 'sha256crypt',
  '6': 'sha512crypt',
  '7': 'scrypt',
  gy: 'gost-yescrypt',
  md5: 'sunmd5',
  sha1: 'sha1crypt',
  y: 'yescrypt',
}

/** What may be said of the password field of passwd(5) and shadow(5): nothing of the digest itself. */
export interface PasswordState {
  /** `none`: it can be entered without one. `unusable`: there is no digest that any password has. */
  password: 'set' | 'none' | 'unusable' | 'elsewhere'
  /** A `!` before it: it is kept and does not count. */
  locked?: true
  algorithm?: string
}

export function passwordState(field: string): PasswordState {
  const isLocked = field.startsWith('!')
  const rest = field.replace(/^!+/, '')
  const locked = isLocked ? ({ locked: true } as const) : {}
  if (rest === '') return { password: isLocked ? 'unusable' : 'none', ...locked }
  if (field === 'x') return { password: 'elsewhere' }
  const algorithm = algorithmOf(rest)
  return { password: algorithm === undefined ? 'unusable' : 'set', ...locked, ...(algorithm && { algorithm }) }
}

function algorithmOf(digest: string): string | undefined {
  const [, prefix] = /^\$([a-z0-9]{1,5})[$,]/.exec(digest) ?? []
  if (prefix !== undefined) return algorithms[prefix] ?? 'unknown'
  if (/^_[./0-9A-Za-z]{19}$/.test(digest)) return 'bsdicrypt'
  return /^[./0-9A-Za-z]{13}$/.test(digest) ? 'descrypt' : undefined
}
