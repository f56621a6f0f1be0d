import { fileURLToPath } from 'node:url'
import { saysOf } from '../error.ts'
import type { DatabaseAnswer, DatabaseView, Host } from '../host.ts'
import { output } from './commands.ts'
import { answerLimit, childLimitMs } from './database/limits.ts'

/** Beyond what the child allows itself: it is stuck. */
const stuckMs = 3_000

/** Drivers hold tens of megabytes, and what a hostile server makes them do ends with their process. */
export function newDatabaseReader(timeZone: string | undefined, mostMs = childLimitMs): Host['readDatabase'] {
  const limitMs = mostMs + stuckMs
  // As it is named from source, and in the bundle that hosts get.
  const name = import.meta.url.endsWith('.ts') ? './database-child.ts' : './database-child.mjs'
  const script = fileURLToPath(new URL(name, import.meta.url))
  return async (server, signal) => {
    const late = AbortSignal.timeout(limitMs)
    const args = ['--max-old-space-size=64', script, JSON.stringify(server), `${mostMs}`]
    const child = { name: 'the reader of databases', file: process.execPath, args, timeZone }
    const parts: Buffer[] = []
    let length = 0
    try {
      for await (const part of output(child, AbortSignal.any([signal, late]))) {
        length += part.length
        if (length > answerLimit) return { code: 'too-large', says: `It said more than ${answerLimit} bytes.` }
        parts.push(part)
      }
    } catch (cause) {
      return { code: 'child-failed', says: saysOf(cause).slice(0, 300) }
    }
    if (late.aborted) return { code: 'too-slow', says: `There was no answer within ${limitMs / 1000} s.` }
    return parsed(Buffer.concat(parts).toString())
  }
}

function parsed(text: string): DatabaseAnswer {
  try {
    // Our own child wrote it, from columns it knows and within their limits.
    return JSON.parse(text) as { views: DatabaseView[] }
  } catch {
    return { code: 'child-failed', says: 'The reader of databases ended without an answer.' }
  }
}
