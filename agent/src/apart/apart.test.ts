import { expect, test } from 'vitest'
import type { Collector, From } from '../collectors/collector.ts'
import { newFakeHost } from '../host.fixture.ts'
import { apart } from './apart.ts'
import { type Said, toFrame } from './frame.ts'

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
  const [collector] = apart([collectorOf('slow', { every: hourMs })], (request) => {
    asked.push(
      ...request
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    )
    return partsOf([standing, { before: Buffer.from('[["rows",[["a","1"]]]]') }])
  })
  const from: From = { position: () => ({ number: 3 }), files: ['/x'], takeFull: () => false, before: new Map() }

  expect(await passOf(collector, from)).toEqual([standing])
  await passOf(collector, from)

  const request = { collector: 'slow', position: { number: 3 }, isFull: false, files: ['/x'] }
  expect(asked).toEqual([request, [], request, [['rows', [['a', '1']]]]])
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

test('one pass begins when the one before has ended; those that take minutes wait for each other alone', async () => {
  const begun: string[] = []
  const goOn = Promise.withResolvers<void>()
  const collectors = apart(
    [
      collectorOf('first', { every: hourMs }),
      collectorOf('second', { every: hourMs }),
      collectorOf('walk', { every: hourMs, mayTakeMs: hourMs }),
    ],
    async function* (request) {
      const { collector } = JSON.parse(request.toString().split('\n', 1)[0] ?? '')
      begun.push(collector)
      if (collector === 'first') await goOn.promise
      yield* partsOf([{ before: Buffer.from('[]') }])
    },
  )
  const passes = collectors.map((collector) => passOf(collector, newFrom()))
  await passes[2]

  expect(begun).toEqual(['first', 'walk'])
  goOn.resolve()
  await Promise.all(passes)
  expect(begun).toEqual(['first', 'walk', 'second'])
})

test('a pass that is called off before its turn keeps nobody waiting', async () => {
  const goOn = Promise.withResolvers<void>()
  const begun: string[] = []
  const [first, second, third] = apart(
    ['first', 'second', 'third'].map((id) => collectorOf(id, { every: hourMs })),
    async function* (request) {
      const { collector } = JSON.parse(request.toString().split('\n', 1)[0] ?? '')
      begun.push(collector)
      if (collector === 'first') await goOn.promise
      yield* partsOf([{ before: Buffer.from('[]') }])
    },
  )
  const stop = new AbortController()
  const passes = [passOf(first, newFrom()), passOf(second, newFrom(), stop.signal), passOf(third, newFrom())]

  stop.abort()
  await passes[1]
  goOn.resolve()
  await Promise.all(passes)

  expect(begun).toEqual(['first', 'third'])
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
