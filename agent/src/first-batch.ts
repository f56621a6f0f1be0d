import type { Refusal } from '@tidewaiter/protocol'
import { type AgentOptions, runAgent } from './agent.ts'
import { type AgentCode, isAgentRefusal, refuse } from './error.ts'
import type { News } from './uplink/uplink.ts'

const longestMs = 45_000

/**
 * Runs the agent until the console has acknowledged a batch of it. It takes no evidence yet: what it seals is that it
 * was started, and under which policy.
 * @throws `first-batch-refused`, `first-batch-unanswered`, and what `runAgent` throws
 */
export async function sendFirstBatch(
  options: Pick<AgentOptions, 'host' | 'folder' | 'config' | 'configFile' | 'log'>,
): Promise<void> {
  const enough = new AbortController()
  let outcome: 'acknowledged' | Refusal<AgentCode> | undefined
  let last = 'nothing was heard of it'
  const settle = (next: 'acknowledged' | Refusal<AgentCode>) => {
    outcome ??= next
    enough.abort()
  }
  const tell = (news: News) => {
    if (news.kind === 'acknowledged') return settle('acknowledged')
    last = news.cause?.says ?? last
    if (isAgentRefusal(news.cause) && news.cause.code === 'console-refused') settle(refused(last))
  }
  void options.host.sleep(longestMs, enough.signal).then(() => settle(unanswered(last)))
  try {
    await runAgent({ ...options, files: [], collectors: [], tell, endsAs: 'enrolled' }, enough.signal)
  } finally {
    enough.abort()
  }
  if (outcome !== 'acknowledged') throw outcome ?? unanswered(last)
}

function refused(says: string) {
  return refuse(
    'first-batch-refused',
    `${says} Look at this host in the console, and run the same command again; one that was revoked there needs --again and a new token.`,
  )
}

function unanswered(last: string) {
  return refuse(
    'first-batch-unanswered',
    `The console has not acknowledged within ${longestMs / 1000} s: ${last} Run the same command again: it goes on from here, also with a token that is used up.`,
  )
}
