import { latin1 } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** RFC 6143, section 7.1.1: 12 bytes, from the server and back. */
export const vnc: StreamProtocol = {
  name: 'vnc',
  finds(asks, answers) {
    const [client, server] = [versionIn(asks), versionIn(answers)]
    if (server === undefined && client === undefined) return undefined
    return { name: 'vnc', ...(server !== undefined && { own: { server_banner: server } }) }
  },
}

function versionIn(bytes: Uint8Array): string | undefined {
  const text = latin1(bytes, 0, 12)
  return /^RFB \d{3}\.\d{3}\n$/.test(text) ? text.trimEnd() : undefined
}
