import { toEnd } from '../address.ts'
import type { Message } from '../decoder.ts'
import { meanings, withDetails } from '../sentence.ts'
import { toCount } from '../text.ts'

const mostCharacters = 4096

/**
 * `Disconnected (auth failed, 1 attempts in 6 secs): user=<NAME>, method=PLAIN, rip=ADDRESS, lip=ADDRESS, TLS,
 * session=<...>` (login_log_format_elements, default). A name may hold `>, rip=`, and nothing of the client's comes
 * after the address: it is the last one.
 */
export function connected(text: string, name: string): Message | undefined {
  const userAt = text.indexOf(': user=<')
  const peerAt = text.lastIndexOf(', rip=')
  if (text.length > mostCharacters || userAt < 0 || peerAt < userAt) return undefined
  const [head, tail] = [text.slice(0, userAt), text.slice(peerAt + 6)]
  const address = /^[0-9A-Fa-f:.]{2,45}(?=, |$)/.exec(tail)?.[0]
  const attempts = /\(auth failed, (\d{1,9}) attempts/.exec(head)?.[1]
  const message: Message = {
    event: whatOf(head, attempts !== undefined),
    network: { protocol: name.slice(0, -6) },
    service: { name: 'dovecot' },
  }
  const { user, method } = credentialsOf(text.slice(userAt + 8, peerAt))
  if (user !== '') message.user = { name: user }
  if (address !== undefined) message.source = toEnd(address)
  return withDetails(message, {
    ...(method !== undefined && { method }),
    ...(attempts !== undefined && { attempts: toCount(attempts) }),
  })
}

/** `NAME>, method=PLAIN`, or only `NAME>` where none was tried. */
function credentialsOf(text: string): { user: string; method?: string } {
  const methodAt = text.lastIndexOf('>, method=')
  const method = methodAt < 0 ? '' : text.slice(methodAt + 10)
  if (/^[A-Z0-9-]{1,24}$/.test(method)) return { user: text.slice(0, methodAt), method }
  return { user: text.endsWith('>') ? text.slice(0, -1) : text }
}

function whatOf(head: string, hasFailed: boolean): Message['event'] {
  if (head === 'Login') return { ...meanings.signedIn }
  if (hasFailed) return { ...meanings.notSignedIn, category: ['authentication', 'network'], reason: head }
  return { ...meanings.closed, reason: head }
}
