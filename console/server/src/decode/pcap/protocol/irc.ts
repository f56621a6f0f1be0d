import { line } from '../bytes.ts'
import { mostText, type StreamProtocol } from '../protocol.ts'

/** RFC 2812: a client registers with NICK and USER; a server answers with its name and a number of three digits. */
export const irc: StreamProtocol = {
  name: 'irc',
  finds(asks, answers) {
    const [sent, got] = [linesOf(asks), linesOf(answers)]
    const isRegistered =
      sent.some((text) => /^NICK :?[^\s:]\S*$/i.test(text)) && sent.some((text) => /^USER \S+ \S+ \S+ :?\S/i.test(text))
    const isAnswered = got.some(
      (text) => /^:[\w.-]+ (\d{3} \S+ |NOTICE (AUTH|\*) :)/.test(text) || /^NOTICE (AUTH|\*) :/.test(text),
    )
    const isConversation = isAnswered && (sent.length === 0 || sent.some((text) => commands.test(text)))
    return isRegistered || isConversation ? { name: 'irc' } : undefined
  },
}

const commands = /^(NICK|USER|PASS|CAP (LS|REQ|END)|JOIN|PRIVMSG|PONG|PING|MODE|WHO|QUIT)\b/i
const mostLines = 16

function linesOf(bytes: Uint8Array): string[] {
  const lines: string[] = []
  for (let at = 0; at < bytes.length && lines.length < mostLines; ) {
    const text = line(bytes.subarray(0, at + mostText), at)
    if (text === undefined) break
    lines.push(text)
    at = bytes.indexOf(10, at) + 1
  }
  return lines
}
