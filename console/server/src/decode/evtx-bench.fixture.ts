/**
 * Decodes event logs for some seconds and prints one JSON document: events, seconds, CPU seconds and peak memory.
 *
 *     node console/server/src/decode/evtx-bench.fixture.ts LOG...
 */
import { readFileSync } from 'node:fs'
import { eventsOfFile } from './evtx/accuracy.fixture.ts'

const warmUpMs = 2000
const measuredMs = 3000
const logs = process.argv.slice(2)

/** @returns events that were decoded; what cannot be read, and what is said about it, is not among them */
function decodeFor(ms: number): number {
  let events = 0
  for (const startedAt = performance.now(); performance.now() - startedAt < ms; )
    for (const log of logs) for (const { error } of eventsOfFile(readFileSync(log))) if (error === undefined) events++
  return events
}

decodeFor(warmUpMs)
const [startedAt, before] = [performance.now(), process.cpuUsage()]
const items = decodeFor(measuredMs)
const seconds = (performance.now() - startedAt) / 1000
const { user, system } = process.cpuUsage(before)
process.stdout.write(
  JSON.stringify({ items, seconds, cpu: (user + system) / 1e6, rss: process.resourceUsage().maxRSS / 1024 }),
)
