import type { Host } from '../host.ts'

/** Longest line that is kept whole everywhere (RFC 3164, section 4.1). */
const mostLength = 1_000

/** logger(1) of macOS writes into the unified log. */
export function newSystemLog(ask: Host['ask']): Host['noteInSystemLog'] {
  return async (line) => {
    const text = line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, mostLength)
    const [, tag = 'tidewaiter-agent', says = text] = /^([a-z-]{1,32}): (.*)$/.exec(text) ?? []
    const args = ['-p', 'auth.notice', '-t', tag, '--', says]
    const answer = await ask('logger', args, { limit: 1_000, signal: new AbortController().signal })
    return !('why' in answer)
  }
}
