import type { Message } from '../decoder.ts'
import { meanings, readSentence } from '../sentence.ts'
import { toCount } from '../text.ts'
import { peer } from './sentences.ts'

/** Commands of the session, each as `done` or `done/all`. */
const pattern = new RegExp(`^disconnect from ${peer}(?<counts>(?: [a-z_]{1,16}=[0-9/]{1,21}){0,32})$`)
const ended = [{ pattern, is: meanings.closed }] as const
const failed = [
  {
    pattern,
    is: { ...meanings.closed, category: ['authentication', 'network'], outcome: 'failure' },
  },
] as const

/**
 * `disconnect from NAME[ADDRESS] ehlo=1 auth=0/2 quit=1 commands=2/4`: the last line of a session, which says how many
 * of its sign-ins failed (postfix 3.0, RELEASE_NOTES).
 */
export function disconnected(text: string): Message | undefined {
  const failures = failuresOf(text)
  const message = readSentence(failures > 0 ? failed : ended, text, 'postfix')
  if (message !== undefined && failures > 0) message.tidewaiter = { ...message.tidewaiter, attempts: failures }
  return message
}

function failuresOf(text: string): number {
  const counted = / auth=(\d{1,9})\/(\d{1,9})(?= |$)/.exec(text.slice(0, 1024))
  return (toCount(counted?.[2] ?? '') ?? 0) - (toCount(counted?.[1] ?? '') ?? 0)
}
