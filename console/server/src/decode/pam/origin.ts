/** Which module says it, for which service, and where its message begins. */
export interface Origin {
  service: string
  module?: string
  /** `auth`, `account`, `session` or `chauthtok`, where it is said. */
  group?: string
  next: number
}

/**
 * `pam_unix(sshd:auth): `, in older releases `pam_unix(auth): `, `pam_unix: ` or `(pam_unix) `, and before Linux-PAM
 * 0.99.2 in the tag: `sshd(pam_unix)[7]: `. Where the service is not said it is the program.
 */
export function readOrigin(text: string, program: string): Origin | undefined {
  if (program.endsWith(')')) return ofTag(program)
  if (text.startsWith('(pam_')) return old(text, program)
  // pam_unix's own sentence, where what passed it on left its name out.
  if (text.startsWith('authentication failure; logname=')) return { service: program, next: 0 }
  if (!text.startsWith('pam_')) return undefined
  const nameEnd = endOfName(text, 4)
  const module = text.slice(0, nameEnd)
  if (text.startsWith(': ', nameEnd)) return { service: program, module, next: nameEnd + 2 }
  const close = text.indexOf('): ', nameEnd)
  if (text[nameEnd] !== '(' || close < 0 || close > nameEnd + 128) return undefined
  const place = text.slice(nameEnd + 1, close)
  const colon = place.lastIndexOf(':')
  return colon < 0
    ? { service: program, module, group: place, next: close + 3 }
    : { service: place.slice(0, colon), module, group: place.slice(colon + 1), next: close + 3 }
}

function ofTag(tag: string): Origin | undefined {
  const match = /^([\w.-]{1,64})\((pam_[\w-]{1,64})\)$/.exec(tag)
  return match === null ? undefined : { service: match[1] ?? '', module: match[2] ?? '', next: 0 }
}

function old(text: string, program: string): Origin | undefined {
  const close = text.indexOf(') ')
  return close < 0 || close > 64 ? undefined : { service: program, module: text.slice(1, close), next: close + 2 }
}

function endOfName(text: string, from: number): number {
  let at = from
  while (isNamePart(text.charCodeAt(at))) at++
  return at
}

/** Letters, digits, `_` and `-`. */
function isNamePart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    code === 45
  )
}
