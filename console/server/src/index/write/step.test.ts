import { expect, test } from 'vitest'
import { refuse } from '../../error.ts'
import type { Entry } from '../../ledger/ledger.ts'
import { type Indexing, type LedgerBatch, type Mark, Unindexable } from './indexing.ts'
import { type StepOptions, step } from './step.ts'

test('a transaction takes up to sixteen batches, and goes on where it stopped', () => {
  const { run, transactions } = open({ batches: 40 })
  run()

  expect(transactions).toEqual([range(0, 16), range(16, 32), range(32, 40)])
})

test('a transaction ends with the day of the console', () => {
  const { run, transactions, days } = open({ batches: 6, dayOf: (position) => (position < 4 ? 24 : 25) })
  run()

  expect(transactions).toEqual([range(0, 4), range(4, 6)])
  expect(days).toEqual(['2026-11-24', '2026-11-25'])
})

test('a batch on which a writer died gets a transaction of its own', () => {
  const { run, transactions } = open({ batches: 6, suspects: [3] })
  run()

  expect(transactions).toEqual([range(0, 3), [3], range(4, 6)])
})

test('a batch that cannot be indexed is marked, the others of its transaction are not lost', () => {
  const { run, transactions, marks } = open({ batches: 6, bad: [2, 4] })
  run()

  expect(transactions.flat()).toEqual([0, 1, 3, 5])
  expect(marks.map(({ position, code }) => [position, code])).toEqual([
    [2, 'batch-skipped'],
    [4, 'batch-skipped'],
  ])
})

test('a batch that is left out is not looked at', () => {
  const { run, transactions, marks } = open({ batches: 3, leftOut: [1] })
  run()

  expect(transactions.flat()).toEqual([0, 2])
  expect(marks).toMatchObject([{ position: 1 }])
})

test('a payload that does not open is marked, and the reading goes on behind it', () => {
  const { run, transactions, marks } = open({ batches: 5, unreadable: [0, 3] })
  run()

  expect(transactions.flat()).toEqual([1, 2, 4])
  expect(marks).toMatchObject([
    { position: 0, code: 'payload-unreadable' },
    { position: 3, code: 'payload-unreadable' },
  ])
})

test('nothing is read beyond the writer that goes ahead', () => {
  const { run, transactions } = open({ batches: 9, bound: 5 })
  run()

  expect(transactions).toEqual([range(0, 5)])
})

interface Plan {
  batches: number
  dayOf?: (position: number) => number
  suspects?: number[]
  leftOut?: number[]
  bad?: number[]
  unreadable?: number[]
  bound?: number
}

function open({ batches, dayOf = () => 24, suspects = [], leftOut = [], bad = [], unreadable = [], bound }: Plan) {
  const transactions: number[][] = []
  const days: string[] = []
  const marks: Mark[] = []
  let cursor = 0
  let added: number[] = []
  let marked: Mark[] = []
  const indexing: Indexing = {
    cursor: () => cursor,
    ...(bound !== undefined && { bound: () => bound }),
    begin: (day) => {
      days.push(day)
      added = []
      marked = []
    },
    add({ entry: { position } }) {
      if (bad.includes(position)) throw new Unindexable({ position, code: 'batch-skipped', says: '' }, undefined)
      added.push(position)
      return 1
    },
    mark: (mark) => marked.push(mark),
    commit(position) {
      if (added.length > 0) transactions.push(added)
      marks.push(...marked)
      cursor = position
    },
    rollback: () => undefined,
    close: () => undefined,
  }
  const read = (position: number): LedgerBatch[] => {
    if (unreadable.includes(position)) throw refuse('payload-unreadable', 'no')
    const found: LedgerBatch[] = []
    for (let at = position; at < batches && found.length < 3 && !unreadable.includes(at); at++)
      found.push({ entry: entryAt(at, dayOf(at)), payload: new Uint8Array() })
    return found
  }
  const mark = (position: number): [number, Mark] => [position, { position, code: 'batch-skipped', says: '' }]
  const options: StepOptions = {
    reader: { size: () => batches, read, entry: (position) => entryAt(position, 24), close: () => undefined },
    indexing,
    atWork: { on: () => undefined, rest: () => undefined, close: () => undefined },
    leftOut: new Map(leftOut.map(mark)),
    suspects: new Set(suspects),
  }
  const run = () => {
    while (step(options));
  }
  return { run, transactions, days, marks }
}

function entryAt(position: number, day: number): Entry {
  const receivedAtMs = Date.parse(`2026-11-${day}T12:00:00Z`)
  const bytes = new Uint8Array()
  return {
    position,
    host: 'h',
    seq: position + 1,
    branch: null,
    receivedAtMs,
    headerHash: '',
    headerBytes: bytes,
    signature: bytes,
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
