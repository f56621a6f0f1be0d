/**
 * Gives every decoder real samples that were changed, as a host may send them: none may throw, take more than a second
 * for a megabyte, or more memory than the thread has. Prints one JSON document.
 *
 *     node console/server/src/decode/fuzz.fixture.ts --inputs N [--seconds N] [--seed N] [--from N] [--data DIR]
 */
import { globSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { decoderByContent, decoders } from './index.ts'

/** A real file and the decoder that its content chooses. */
interface Sample {
  path: string
  decoder: string
}

export interface FuzzTask {
  samples: readonly Sample[]
  seed: number
  from: number
  to: number
  /** The number of the input that is tried, where it can be seen while it is. */
  progress: SharedArrayBuffer
}

export interface Finding {
  number: number
  decoder: string
  path: string
  says: string
}

/** Larger samples would be most of the time that is spent; most formats have smaller ones. */
const mostBytes = 64 * 1024
const fewBytes = 1024 * 1024
const heapMb = 512
/** An input that is at work so long hangs. */
const hangMs = 120_000

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '86400' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    data: { type: 'string', default: join(import.meta.dirname, '../../../../../shared/data') },
  },
})
const from = Number(values.from)
const progress = new SharedArrayBuffer(4)
const at = new Int32Array(progress)
at[0] = from
const samples = samplesIn([join(import.meta.dirname, 'fixtures'), resolve(values.data)])
const task: FuzzTask = { samples, seed: Number(values.seed), from, to: from + Number(values.inputs), progress }
const findings: Finding[] = []
const worker = new Worker(join(import.meta.dirname, 'fuzz-worker.fixture.ts'), {
  workerData: task,
  resourceLimits: { maxOldGenerationSizeMb: heapMb },
})
worker.on('message', (finding: Finding) => findings.push(finding))
worker.on('error', (cause) => finish(`The thread ended: ${cause.message}`))
worker.on('exit', () => finish())
setTimeout(() => finish(), Number(values.seconds) * 1000).unref()
let last = { number: -1, at: 0 }
setInterval(() => {
  const number = at[0] ?? 0
  if (number !== last.number) last = { number, at: performance.now() }
  else if (performance.now() - last.at > hangMs) finish(`Input ${number} hangs.`)
}, 1000).unref()

/** Small samples by their content; of a decoder that has none of them its larger ones. */
function samplesIn(folders: readonly string[]): Sample[] {
  const all = folders.flatMap((folder) => globSync('**/*', { cwd: folder }).map((name) => join(folder, name))).sort()
  const sized = all.flatMap((path) => {
    const stat = statSync(path)
    return stat.isFile() && stat.size > 0 && stat.size <= fewBytes ? [{ path, size: stat.size }] : []
  })
  const known = sized.map(({ path, size }) => ({ path, size, decoder: decoderByContent(readFileSync(path)).id }))
  const small = known.filter(({ size }) => size <= mostBytes)
  const covered = new Set(small.map(({ decoder }) => decoder))
  return [...small, ...known.filter(({ decoder }) => !covered.has(decoder))].map(({ path, decoder }) => ({
    path,
    decoder,
  }))
}

function finish(says?: string): never {
  const tried = (at[0] ?? 0) - from + (says === undefined ? 1 : 0)
  const covered = new Set(samples.map(({ decoder }) => decoder))
  const strangers = decoders.map(({ id }) => id).filter((id) => !covered.has(id))
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    `${JSON.stringify({ tried, decoders: decoders.length, strangers, samples: samples.length, rssMb, says, findings })}\n`,
  )
  process.exit(says === undefined && findings.length === 0 ? 0 : 1)
}
