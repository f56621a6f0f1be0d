import { has, line } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** RFC 4253, section 4.2: both sides begin with a line of at most 255 characters; the server may say others before. */
export const ssh: StreamProtocol = {
  name: 'ssh',
  finds(asks, answers) {
    const [client, server] = [versionIn(asks), versionIn(answers)]
    if (client === undefined && server === undefined) return undefined
    return {
      name: 'ssh',
      own: {
        ...(client !== undefined && { client_banner: client }),
        ...(server !== undefined && { server_banner: server }),
      },
    }
  },
}

function versionIn(bytes: Uint8Array): string | undefined {
  if (!has(bytes, 0, 'SSH-')) return undefined
  const text = line(bytes, 0)
  return text !== undefined && text.length <= 255 && /^SSH-[12]\.\d{1,2}-/.test(text) ? text : undefined
}
