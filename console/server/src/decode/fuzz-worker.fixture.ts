import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import { isRefusal } from '../error.ts'
import { cpuMs } from './cpu.fixture.ts'
import { decodeFile } from './files.ts'
import type { Finding, FuzzTask } from './fuzz.fixture.ts'
import { decoders } from './index.ts'

/** What the fixture started this thread with. */
const task = workerData as FuzzTask
const progress = new Int32Array(task.progress)
/** So long may a megabyte take; what is smaller as long. */
const mostMs = 1000
const megabyte = 1024 * 1024
/** Values at which lengths, offsets and counts go wrong. */
const odd = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

const ids = decoders.map(({ id }) => id)
const bytes = new Map<string, Buffer>()

/** mulberry32: the same number gives the same input everywhere. */
function random(seed: number): (below: number) => number {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) % below
  }
}

type Next = ReturnType<typeof random>

function sampleOf(path: string): Buffer {
  const known = bytes.get(path)
  if (known !== undefined) return known
  const read = readFileSync(path)
  bytes.set(path, read)
  return read
}

/** A real sample with a few changes: bytes, odd numbers, pieces moved, left out, said twice, or of another sample. */
function inputOf(next: Next, sample: Buffer, other: Buffer): Buffer {
  let input: Buffer = Buffer.from(sample)
  for (let changes = 1 + next(8); changes > 0; changes--) {
    const at = next(input.length + 1)
    const length = next(4) === 0 ? next(4096) : next(32)
    input = change(next(7), { input, at, length, next, other })
  }
  return input
}

interface Change {
  input: Buffer
  at: number
  length: number
  next: Next
  other: Buffer
}

function change(kind: number, { input, at, length, next, other }: Change): Buffer {
  if (kind === 0) return Buffer.concat([input.subarray(0, at), input.subarray(at + length)])
  if (kind === 1) return Buffer.concat([input.subarray(0, at + length), input.subarray(at)])
  if (kind === 2) return next(4) === 0 ? input.subarray(0, at) : input
  if (kind === 3) {
    const from = next(other.length + 1)
    return Buffer.concat([input.subarray(0, at), other.subarray(from, from + length), input.subarray(at + length)])
  }
  if (kind === 4 && at + 4 <= input.length) input.writeUInt32LE(odd[next(odd.length)] ?? 0, at)
  else if (kind === 5 && at + 4 <= input.length) input.writeUInt32BE(odd[next(odd.length)] ?? 0, at)
  else if (at < input.length) input[at] = next(256)
  return input
}

/** @returns what is wrong with it, if anything is */
async function tryInput(decoder: string, input: Buffer): Promise<string | undefined> {
  const startedAt = cpuMs()
  try {
    for await (const event of decodeFile(Readable.from([input]), { as: decoder })) JSON.stringify(event)
  } catch (cause) {
    if (!isRefusal(cause)) return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  }
  const ms = cpuMs() - startedAt
  const allowed = mostMs * Math.max(1, input.length / megabyte)
  return ms > allowed ? `took ${Math.round(ms)} ms for ${input.length} bytes` : undefined
}

/** A decoder that no sample is for gets one of any other. */
function pathFor(decoder: string, next: Next): string {
  const own = task.samples.filter((sample) => sample.decoder === decoder)
  const all = own.length > 0 ? own : task.samples
  return all[next(all.length)]?.path ?? ''
}

/** Decoders in turn, each with a sample of its own. */
async function tryNumber(number: number): Promise<Finding | undefined> {
  const next = random(Math.imul(task.seed, 0x9e3779b1) ^ number)
  const decoder = ids[number % ids.length] ?? ''
  const path = pathFor(decoder, next)
  const other = task.samples[next(task.samples.length)]?.path ?? path
  const says = await tryInput(decoder, inputOf(next, sampleOf(path), sampleOf(other)))
  return says === undefined ? undefined : { number, decoder, path, says }
}

for (let number = task.from; number < task.to; number++) {
  Atomics.store(progress, 0, number)
  const finding = await tryNumber(number)
  if (finding !== undefined) parentPort?.postMessage(finding)
}
