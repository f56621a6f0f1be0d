import { setPriority } from 'node:os'
import type { Position } from '@tidewaiter/protocol'
import type { Collector, Once } from '../collectors/collector.ts'
import { saysOf } from '../error.ts'
import type { Host } from '../host.ts'
import { fromBytes, toBytes } from './before.ts'
import { readRaw, type Said, toFrame } from './frame.ts'

/** What the agent itself has to do comes first. */
const patient = 10

interface Asked {
  collector: string
  position?: Position
  isFull: boolean
  files: string[]
  once?: Once
}

/**
 * One pass of one collector, for an agent that gives back what it took by letting this process end. Reads one frame: what
 * to do, and what the pass before left. Writes frames. Ends with whoever asked.
 */
export async function pass(host: Host, collectors: readonly Collector[]): Promise<void> {
  setPriority(patient)
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  process.stdout.once('error', () => stop.abort())
  const requests = readRaw(process.stdin)
  const request = await requests.next()
  if (request.done === true) return
  // Nothing more comes but the end of whoever asked.
  const end = () => stop.abort()
  void requests.next().then(end, end)
  try {
    // The agent wrote it.
    const { collector: id, position, isFull, files, once } = request.value.about as Asked
    const collector = collectors.find((each) => each.id === id)
    if (collector === undefined) throw new Error(`there is no collector ${id}`)
    const before = fromBytes(request.value.body)
    const from = { position: () => position, files, takeFull: () => isFull, before, once }
    for await (const taken of collector.collect(host, stop.signal, from)) await write(taken)
    if (!stop.signal.aborted) await write({ before: toBytes(before) })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    await write({ failed: { code, says: saysOf(cause) } })
  }
}

/** Resolves when all of it is out, or nobody reads any more. */
async function write(said: Said): Promise<void> {
  for (const part of toFrame(said)) await new Promise((resolve) => process.stdout.write(part, resolve))
}
