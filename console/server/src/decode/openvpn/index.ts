import { readAsctime, readDate } from '../dated.ts'
import type { Message } from '../decoder.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { readSentence, toEndpoint } from '../sentence.ts'
import { sentences } from './sentences.ts'

/** `192.0.2.7:52234 ` before a name is known, then `ana/192.0.2.7:52234 `; a common name has only these (`openvpn(8)`). */
const client = /^(?:(?<name>[\w.@-]{1,64})\/)?(?<peer>[0-9A-Fa-f.:[\]]{3,50}:\d{1,5})(?:\/(?<last>[\w.@-]{1,64}))? /

/** What an OpenVPN server says of its clients. */
export const openvpn: OwnLog = {
  id: 'openvpn',
  title: 'OpenVPN server',
  programs: ['openvpn', 'ovpn-server', 'ovpn-openvpn'],
  usual: logNamed('openvpn[\\w./-]{0,80}\\.log'),
  front(text) {
    const reading = readDate(text) ?? readAsctime(text)
    if (reading === undefined || reading.written.fraction !== '' || text[reading.end] !== ' ') return undefined
    return { ...frontOf(text, reading), next: reading.end + 1 }
  },
  marks:
    /OpenVPN \d|\[AF_INET6?\]|TLS(?: Auth)? Error: |TLS: Username|PUSH: Received control message|Peer Connection Initiated/,
  decode(text) {
    const said = client.exec(text)
    const message: Message | undefined = readSentence(sentences, text.slice(said?.[0].length ?? 0), 'openvpn')
    if (message === undefined || said === null) return message
    const { name, last, peer = '' } = said.groups ?? {}
    message.source = toEndpoint(peer)
    message.network = { protocol: 'openvpn' }
    const user = name ?? last
    if (user !== undefined && user !== 'UNDEF') message.user ??= { name: user }
    return message
  },
}
