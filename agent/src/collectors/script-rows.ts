import { refuse } from '../error.ts'
import type { Host, Script } from '../host.ts'
import { type LastingTable, newLastingTable } from './lasting-table.ts'

const limit = 16 * 1024 * 1024

/** A row as PowerShell gave it. */
export type ScriptRow = Readonly<Record<string, unknown>>

/**
 * Rows of a script of Windows, without what is null in them.
 * @throws `command-failed` where there is no answer: the pass fails, and says so
 */
export async function rowsOfScript(host: Host, script: Script, signal: AbortSignal): Promise<ScriptRow[]> {
  const answer = await host.askScript(script, { limit, signal })
  if ('why' in answer) throw refuse('command-failed', `PowerShell gave no ${script}: ${answer.why}.`)
  return answer.map((line) => {
    // It was written by ConvertTo-Json, on a line that begins with a brace.
    const row = JSON.parse(line) as Record<string, unknown>
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
  })
}

/** How the rows of a kind are told apart, and what of them may change without making them another. */
export interface Shape {
  named: readonly string[]
  passing?: readonly string[]
}

/** Rows that lie for days, each with its `kind`. One that a command could not give says so. */
export async function tableOfScript(
  host: Host,
  { script, shapes }: { script: Script; shapes: Readonly<Record<string, Shape>> },
  signal: AbortSignal,
): Promise<LastingTable> {
  const table = newLastingTable(`powershell ${script}`)
  for (const row of await rowsOfScript(host, script, signal)) {
    const shape = Object.hasOwn(shapes, `${row.kind}`) ? shapes[`${row.kind}`] : undefined
    const named = ['kind', ...(shape?.named ?? ['command'])]
    const passing = shape?.passing ?? []
    const pick = (isWanted: (name: string) => boolean) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => isWanted(name)))
    table.add(
      pick((name) => named.includes(name)),
      pick((name) => !named.includes(name) && !passing.includes(name)),
      pick((name) => passing.includes(name)),
    )
  }
  return table
}
