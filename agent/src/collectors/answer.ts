import { hash } from 'node:crypto'
import type { Host } from '../host.ts'
import type { LastingTable } from './lasting-table.ts'

const limit = 4 * 1024 * 1024
/** Of one answer; a longer one is told by its digest. */
const mostCharacters = 256 * 1024

/** What a command of the system says, as it says it: a row that is another one when the answer changes. */
export async function addAnswer(
  host: Host,
  table: LastingTable,
  { command: [name = '', ...args], signal }: { command: readonly string[]; signal: AbortSignal },
): Promise<void> {
  const command = [name, ...args].join(' ')
  const answer = await host.ask(name, args, { limit, signal })
  if ('why' in answer) return table.add({ kind: 'not-looked', command }, answer)
  const text = answer.toString().trim()
  const isCut = text.length > mostCharacters
  const sha256 = hash('sha256', text, 'hex')
  table.add({ kind: 'answer', command }, { text: text.slice(0, mostCharacters), sha256, ...(isCut && { cut: true }) })
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
