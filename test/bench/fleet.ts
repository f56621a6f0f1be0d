import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Measure } from './bench.ts'
import type { Ask, Told } from './fleet-agents.ts'
import { onStage, type Stage, tidewaiter } from './stage.ts'
import { usageOf } from './usage.ts'

const agents = 1000
const idleAgents = 5000
const everyMs = 5_000
const seconds = 300

/** Many agents on one console, each with its own key, certificate and chain, sealing as it goes. */
export const fleet: Bench = {
  name: 'fleet',
  title: `${agents} agents on one console, each sealing 20 lines every ${everyMs / 1000} s for ${seconds} s; then ${idleAgents} idle`,
  unit: 'batches',
  missing: () => [],
  sides: () => [{ name: 'tidewaiter', run: () => onStage(measure) }],
}

async function measure(stage: Stage): Promise<Measure> {
  const generator = fork(join(import.meta.dirname, 'fleet-agents.ts'))
  const ended = once(generator, 'exit').then(([code]) => {
    throw new Error(`the agents ended (${code}); what they wrote says why`)
  })
  ended.catch(() => {})
  try {
    return await measureWith(stage, async (ask: Ask) => {
      generator.send(ask)
      // What the generator answers.
      const [told] = (await Promise.race([once(generator, 'message'), ended])) as [Told]
      return told
    })
  } finally {
    generator.kill()
  }
}

async function measureWith(stage: Stage, tell: (ask: Ask) => Promise<Told>): Promise<Measure> {
  const enrol = async (count: number) => {
    const token = await tidewaiter('token', 'create', '--uses', `${count}`, '--data', stage.data)
    await tell({ do: 'enrol', token, count })
  }
  await enrol(agents)
  const alone = residentKb(stage.console.pid)
  const { connected } = await tell({ do: 'connect' })
  const idle = residentKb(stage.console.pid)
  const before = usageOf(stage.console.pid).cpu
  const began = performance.now()
  const { acksMs, errors } = await tell({ do: 'send', everyMs, seconds })
  const took = (performance.now() - began) / 1000
  const used = usageOf(stage.console.pid)

  await stage.restart()
  const restartedAt = performance.now()
  await tell({ do: 'settle' })
  const backMs = performance.now() - restartedAt

  await enrol(idleAgents - agents)
  const more = await tell({ do: 'connect' })
  return {
    items: acksMs.length,
    seconds: took,
    cpu: { console: used.cpu - before },
    rss: { console: used.rss },
    notes: [
      `${connected} connected; ${errors.length} errors${errors.length > 0 ? ` (${errors[0]})` : ''}`,
      `acknowledged after ${ms(acksMs, 0.5)} ms (median), ${ms(acksMs, 0.99)} ms (p99), ${ms(acksMs, 1)} ms (longest)`,
      `console ${((idle - alone) / agents).toFixed(0)} kB an agent that has just connected; in all ${(residentKb(stage.console.pid) / 1024).toFixed(0)} MiB with ${more.connected} idle`,
      `all ${agents} back ${(backMs / 1000).toFixed(1)} s after the console had started again`,
    ],
  }
}

function ms(sorted: readonly number[], share: number): string {
  return (sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN).toFixed(0)
}

function residentKb(pid: number): number {
  return Number(/VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])
}
