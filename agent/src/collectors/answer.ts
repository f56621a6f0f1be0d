import { hash } from 'node:crypto'
import type { Host } from '../host.ts'
import type { LastingTable } from './lasting-table.ts'

const limit = 4 * 1024 * 1024
/** Of one answer; a longer one is told by its digest. */
const mostCharacters = 256 * 1024
const patienceMs = 10_000

/** What a command of the system says, as it says it: a row that is another one when the answer changes. */
export async function addAnswer(
  host: Host,
  table: LastingTable,
  { command: [name = '', ...args], signal }: { command: readonly string[]; signal: AbortSignal },
): Promise<void> {
  const command = [name, ...args].join(' ')
  const answer = await host.ask(name, args, { limit, signal })
  // Some say by their end, too, that what was asked for is switched off.
  const text = ('why' in answer ? await saidBeforeItEnded(host, { name, args, signal }) : answer.toString()).trim()
  const failed = 'why' in answer ? answer : {}
  if ('why' in answer && text === '') return table.add({ kind: 'not-looked', command }, answer)
  const isCut = text.length > mostCharacters
  const sha256 = hash('sha256', text, 'hex')
  const said = { text: text.slice(0, mostCharacters), sha256, ...(isCut && { cut: true }) }
  table.add({ kind: 'answer', command }, { ...said, ...failed })
}

async function saidBeforeItEnded(
  host: Host,
  { name, args, signal }: { name: string; args: readonly string[]; signal: AbortSignal },
): Promise<string> {
  if (!host.has(name)) return ''
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of host.run(name, args, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]))) {
      length += part.length
      if (length > limit) return ''
      parts.push(part)
    }
  } catch {
    // Why it failed is known from asking it.
  }
  return Buffer.concat(parts).toString()
}

/** Lines of what a command says; that it says nothing is a row. */
export async function linesFrom(
  host: Host,
  table: LastingTable,
  { command: [name = '', ...args], signal }: { command: readonly string[]; signal: AbortSignal },
): Promise<string[]> {
  const answer = await host.ask(name, args, { limit, signal })
  if (!('why' in answer)) return answer.toString().split('\n')
  table.add({ kind: 'not-looked', command: [name, ...args].join(' ') }, answer)
  return []
}
