import type { Message, MessageDecoder } from '../decoder.ts'

/** Who became whom. Both names are accounts of the host: su says nothing of a name that is none. */
const sentences: readonly { pattern: RegExp; outcome: 'success' | 'failure' }[] = [
  // util-linux (login-utils/su-common.c, log_syslog)
  { pattern: /^\(to (?<target>[^)]+)\) (?<name>.+) on (?<terminal>\S+)$/, outcome: 'success' },
  { pattern: /^FAILED SU \(to (?<target>[^)]+)\) (?<name>.+) on (?<terminal>\S+)$/, outcome: 'failure' },
  // shadow (src/su.c); its `+ /dev/pts/0 ana:root` says the same once more
  { pattern: /^Successful su for (?<target>.+) by (?<name>.+)$/, outcome: 'success' },
  { pattern: /^FAILED su for (?<target>.+) by (?<name>.+)$/, outcome: 'failure' },
  // FreeBSD and macOS (usr.bin/su/su.c)
  { pattern: /^BAD SU (?<name>\S+) to (?<target>\S+) on (?<terminal>\S+)$/, outcome: 'failure' },
  { pattern: /^(?<name>\S+) to (?<target>\S+) on (?<terminal>\S+)$/, outcome: 'success' },
]

const mostCharacters = 512

/** Changes of user by su. */
export const su: MessageDecoder = {
  id: 'su',
  title: 'su (util-linux, shadow, BSD)',
  programs: ['su', 'su-l'],
  decode(text) {
    if (text.length > mostCharacters) return undefined
    for (const { pattern, outcome } of sentences) {
      const said = pattern.exec(text)?.groups
      if (said?.name !== undefined && said.target !== undefined)
        return toMessage({ ...said, name: said.name, target: said.target }, outcome)
    }
    return undefined
  },
}

interface Said {
  name: string
  target: string
  terminal?: string
}

function toMessage({ name, target, terminal }: Said, outcome: 'success' | 'failure'): Message {
  const message: Message = {
    event: { category: ['authentication', 'iam'], type: ['start', 'admin'], action: 'switch-user', outcome },
    user: { name, effective: { name: target }, target: { name: target } },
    service: { name: 'su' },
  }
  if (terminal !== undefined && terminal !== 'none') message.tidewaiter = { terminal: terminal.replace(/^\/dev\//, '') }
  return message
}
