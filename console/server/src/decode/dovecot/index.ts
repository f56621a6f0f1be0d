import type { MessageDecoder } from '../decoder.ts'
import { checked } from './checked.ts'
import { connected } from './connected.ts'

/** `imap-login: Info: `; in its own file (log_path) the process is the tag, and only the level stands here. */
const before = /^(?:(?<name>[a-z][a-z0-9-]{1,19})(?:\(\d{1,10}\))?: )?(?:(?:Info|Warning|Error|Debug): )?/

/** Sign-ins to Dovecot: what its login processes say of clients, and its auth process of names and passwords. */
export const dovecot: MessageDecoder = {
  id: 'dovecot',
  title: 'Dovecot mail server',
  programs: ['dovecot', 'imap-login', 'pop3-login', 'managesieve-login', 'submission-login', 'auth', 'auth-worker'],
  decode(text, program) {
    const process = before.exec(text)
    const name = process?.groups?.name ?? program
    const own = text.slice(process?.[0].length ?? 0)
    return name.endsWith('-login') ? connected(own, name) : name.startsWith('auth') ? checked(own) : undefined
  },
}
