import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Clock, OwnUse } from '../host.ts'
import { readNow } from './proc.ts'

/** Of proc(5): a tick is a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10
/** Programs come and go slowly, and looking at them costs more than looking at ourselves. */
const lookAgainMs = 2_000

export function newOwnUse({ steady }: Pick<Clock, 'steady'>): OwnUse {
  let programs = { ms: 0, at: Number.NEGATIVE_INFINITY }
  return {
    cpuMs() {
      const now = steady()
      // A program that ends moves from one sum to the other: for a moment it may be in neither.
      if (now - programs.at >= lookAgainMs) programs = { ms: Math.max(programs.ms, programsCpuMs()), at: now }
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000 + programs.ms
    },
    rssBytes: () => process.memoryUsage.rss(),
    collectGarbage() {
      setFlagsFromString('--expose-gc')
      runInNewContext('gc')()
    },
  }
}

/** Of the programs that ended, and of those that run. */
function programsCpuMs(): number {
  const { pid } = process
  const running = readNow(`/proc/${pid}/task/${pid}/children`)?.toString().trim().split(' ') ?? []
  const [, ended = 0] = ticksOf(readNow(`/proc/${pid}/stat`))
  const theirs = running.map((child) => {
    const [own = 0, children = 0] = child === '' ? [] : ticksOf(readNow(`/proc/${child}/stat`))
    return own + children
  })
  return [ended, ...theirs].reduce((sum, ticks) => sum + ticks, 0) * tickMs
}

/** Ticks of a process, and of its children that have ended: fields 14 to 17. */
function ticksOf(stat: Buffer | undefined): number[] {
  if (stat === undefined) return []
  // The name stands in brackets and may hold anything: the last bracket ends it.
  const fields = stat.toString('latin1', stat.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number)
  return [user + system, childUser + childSystem]
}
