/** The same as `console/server/src/decode/evtx-bench.fixture.ts`, by `@ts-evtx/core`: events as objects, of logs it reads. */
import { evtx } from '@ts-evtx/core'

const warmUpMs = 2000
const measuredMs = 3000
const logs = process.argv.slice(2)
/** Logs that it refuses as a whole. */
const refused = new Set<string>()

async function decodeFor(ms: number): Promise<number> {
  let events = 0
  for (const startedAt = performance.now(); performance.now() - startedAt < ms; )
    for (const log of logs) events += await countOf(log)
  return events
}

async function countOf(log: string): Promise<number> {
  try {
    return (await evtx(log).toArray()).length
  } catch {
    refused.add(log)
    return 0
  }
}

await decodeFor(warmUpMs)
const [startedAt, before] = [performance.now(), process.cpuUsage()]
const items = await decodeFor(measuredMs)
const seconds = (performance.now() - startedAt) / 1000
const { user, system } = process.cpuUsage(before)
console.log(
  JSON.stringify({
    items,
    seconds,
    refused: refused.size,
    cpu: (user + system) / 1e6,
    rss: process.resourceUsage().maxRSS / 1024,
  }),
)
