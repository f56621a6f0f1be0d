import { Refusal } from '../error.ts'

/** What is checked, in the order in which it is reported. */
const checkNames = [
  'container',
  'files',
  'bag',
  'signature',
  'hosts',
  'batches',
  'records',
  'ledger',
  'citations',
  'actions',
  'signer',
] as const
export type CheckName = (typeof checkNames)[number]

export interface Check {
  name: CheckName
  ok: boolean
  /** What was found; where something differs, the file, record or `container@offset` it is about comes first. */
  detail: string
}

/** What is said of a check that could not be made. It is no problem of its own: what was found before is. */
export const notMade = 'not checked, because of what was found before'

/** Problems named one by one of each check; the rest is counted. */
const mostProblems = 50

/** Collects what checks find. A check that neither passed nor found a problem was not made, and says so. */
export interface Report {
  problem(name: CheckName, detail: string): void
  /** What is said of a check that found no problem. */
  passed(name: CheckName, detail: string): void
  /** Runs a part of a check: a refusal in it is a problem of the check, about `what`. */
  attempt<T>(name: CheckName, what: string, part: () => T | Promise<T>): Promise<T | undefined>
  checks(): Check[]
}

export function newReport(): Report {
  const problems = new Map<CheckName, string[]>()
  const counts = new Map<CheckName, number>()
  const passes = new Map<CheckName, string>()
  const problem = (name: CheckName, detail: string) => {
    const known = problems.get(name) ?? []
    problems.set(name, known)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    if (known.length < mostProblems) known.push(detail)
  }
  return {
    problem,
    passed: (name, detail) => void passes.set(name, detail),
    async attempt(name, what, part) {
      try {
        return await part()
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        problem(name, error.says.startsWith('container@') ? error.says : `${what}: ${error.says} (${error.code})`)
        return undefined
      }
    },
    checks: () =>
      checkNames.flatMap((name) => checksOf(name, problems.get(name), counts.get(name) ?? 0, passes.get(name))),
  }
}

function checksOf(
  name: CheckName,
  problems: readonly string[] | undefined,
  count: number,
  passed: string | undefined,
): Check[] {
  if (problems !== undefined) {
    const more = count > problems.length ? [`and ${count - problems.length} more`] : []
    return [...problems, ...more].map((detail) => ({ name, ok: false, detail }))
  }
  if (passed !== undefined) return [{ name, ok: true, detail: passed }]
  // Who signed is asked only when a fingerprint was given.
  return name === 'signer' ? [] : [{ name, ok: false, detail: notMade }]
}
