import type { Caps } from '@tidewaiter/protocol'
import { capInWords } from '../cap-states.ts'
import { capsOf } from '../caps.ts'
import { isAgentRefusal } from '../error.ts'
import type { Note } from '../status.ts'
import type { Examined, Finding } from './finding.ts'

const name = 'caps'
/** What an agent at work holds in any case, and what it keeps of a few minutes without a console. */
const least = { memoryMb: 100, spoolMb: 20 }

/** What bounds the agent: whether it can work within that, and whether it is slowed down now. */
export function capsFinding(note: Note | undefined, examined: Examined): Finding {
  const states = note?.status.caps ?? []
  const caps = capsIn(examined)
  // Where an agent runs, what the console narrowed counts too.
  for (const { cap, limit } of states) caps[cap] = Math.min(caps[cap], limit)
  const slowed = states.find(({ since }) => since !== undefined)
  if (caps.memoryMb < least.memoryMb)
    return tight('memoryMb', caps, 'the agent reads no more than a piece in half a minute')
  if (caps.spoolMb < least.spoolMb) return tight('spoolMb', caps, 'evidence is soon lost while the console is away')
  if (slowed !== undefined)
    return {
      name,
      ok: true,
      says: `since ${slowed.since}: ${slowed.why}`,
      fix: `Let it take its time, or raise caps.${slowed.cap}.`,
    }
  const words = Object.entries(caps).map(([cap, limit]) => capInWords({ cap: cap as keyof Caps, limit }))
  return { name, ok: true, says: words.join(', ') }
}

function tight(cap: keyof typeof least, caps: Required<Caps>, then: string): Finding {
  const fix = `Set caps.${cap} to ${least[cap]} or more in the configuration, or in the console's policy.`
  return { name, ok: false, says: `${capInWords({ cap, limit: caps[cap] })} is too little: ${then}`, fix }
}

/** A configuration that cannot be read has a finding of its own. */
function capsIn({ readConfig }: Examined): Required<Caps> {
  try {
    return capsOf(readConfig())
  } catch (cause) {
    if (isAgentRefusal(cause)) return capsOf({})
    throw cause
  }
}
