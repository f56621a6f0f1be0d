import { expect, test } from 'vitest'
import type { Collector, From } from '../collectors/collector.ts'
import { newFakeHost } from '../host.fixture.ts'
import { apart } from './apart.ts'
import { readRaw, type Said, toFrame } from './frame.ts'

const hourMs = 60 * 60_000
const standing = { source: 'slow', state: 'failed', why: 'It is locked.', fix: 'Wait.' } as const

test('only what looks every few hours is looked at in a process of its own', () => {
  const [stream, often] = [collectorOf('stream'), collectorOf('often', { every: 10_000 })]
  const seldom = collectorOf('seldom', { every: hourMs })

  const [first, second, third] = apart([stream, often, seldom], () => partsOf([]))

  expect([first, second]).toEqual([stream, often])
  expect(third).toMatchObject({ id: 'seldom', every: hourMs })
  expect(third?.collect).not.toBe(seldom.collect)
})

test('a pass is told what the one before left, and by whom it is asked', async () => {
  const asked: unknown[] = []
  const [collector] = apart([collectorOf('slow', { every: hourMs })], async function* (request) {
    for await (const { about, body } of readRaw(one(request))) asked.push(about, body.toString())
    yield* partsOf([standing, { before: Buffer.from('what it leaves') }])
  })
  const from: From = { position: () => ({ number: 3 }), files: ['/x'], takeFull: () => false, before: new Map() }

  expect(await passOf(collector, from)).toEqual([standing])
  await passOf(collector, from)

  const request = { collector: 'slow', position: { number: 3 }, isFull: false, files: ['/x'] }
  expect(asked).toEqual([request, '', request, 'what it leaves'])
})

test('a pass that failed fails with its own code, and one that ended too early is no pass', async () => {
  const failing = apartSaying([{ failed: { code: 'file-too-large', says: 'It is too large.' } }])
  const dying = apartSaying([standing])

  await expect(passOf(failing, newFrom())).rejects.toMatchObject({
    code: 'file-too-large',
    message: 'It is too large.',
  })
  await expect(passOf(dying, newFrom())).rejects.toMatchObject({ code: 'command-failed' })
})

test('one pass begins when the one before has ended, in the order in which they came', async () => {
  const [first, second, third] = apart(
    ['first', 'second', 'third'].map((id) => collectorOf(id, { every: hourMs })),
    () => partsOf([]),
  )
  const begun: string[] = []
  const begin = async (collector: Collector | undefined, signal = new AbortController().signal) => {
    const goes = await collector?.turn?.(signal)
    begun.push(collector?.id ?? '')
    return goes
  }
  const stop = new AbortController()
  const goes = await begin(first)
  const calledOff = begin(second, stop.signal)
  const waits = begin(third)

  // One that is called off keeps nobody waiting, and lets nobody before those that came first.
  stop.abort()
  const goesToo = await calledOff
  goesToo?.()
  expect(begun).toEqual(['first', 'second'])
  goes?.()
  await waits
  expect(begun).toEqual(['first', 'second', 'third'])
})

function apartSaying(said: readonly Said[]): Collector | undefined {
  return apart([collectorOf('slow', { every: hourMs })], () => partsOf(said))[0]
}

function collectorOf(id: string, more: Partial<Collector> = {}): Collector {
  const texts = { reads: 'X.', needs: 'X.', cannotSee: 'X.', provenOn: 'X.' }
  return { id, resource: 'Operating System files', platforms: ['linux'], ...texts, async *collect() {}, ...more }
}

function newFrom(): From {
  return { position: () => undefined, files: [], takeFull: () => true, before: new Map() }
}

function passOf(collector: Collector | undefined, from: From, signal = new AbortController().signal) {
  return Array.fromAsync(collector?.collect(newFakeHost(), signal, from) ?? [])
}

async function* partsOf(said: readonly Said[]): AsyncGenerator<Buffer> {
  yield* said.flatMap(toFrame)
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
