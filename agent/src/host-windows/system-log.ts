import type { Host } from '../host.ts'

/** A line longer than this is cut: an event holds 31,839 characters, a command line of Windows no more than that. */
const mostLength = 1_000
const limit = 4_096

/** Through `eventcreate`, which needs the rights of an administrator (learn.microsoft.com, "eventcreate"). */
export function newSystemLog(ask: Host['ask']): Host['noteInSystemLog'] {
  return async (line) => {
    // A quote would end the argument: that program takes its command line apart by itself.
    const text = line.replaceAll(/[\p{Cc}\p{Cf}"]/gu, ' ').slice(0, mostLength)
    const [, source = 'tidewaiter-agent', says = text] = /^([a-z-]{1,32}): (.*)$/.exec(text) ?? []
    const args = ['/L', 'APPLICATION', '/T', 'INFORMATION', '/ID', '1', '/SO', source, '/D', says]
    return !('why' in (await ask('eventcreate', args, { limit, signal: new AbortController().signal })))
  }
}
