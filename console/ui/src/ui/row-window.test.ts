import { expect, test } from 'vitest'
import { rowsToDraw, scrolledTo } from './row-window.ts'

const at = { count: 100_000, rowPx: 32, top: 0, height: 640, keep: 0 }

test('a short table is drawn whole', () => {
  expect(rowsToDraw({ ...at, count: 100 })).toEqual([{ kind: 'rows', from: 0, to: 100 }])
  expect(rowsToDraw({ ...at, count: 0 })).toEqual([])
})

test('a long table draws what is seen, and gaps for the rest', () => {
  expect(rowsToDraw(at)).toEqual([
    { kind: 'rows', from: 0, to: 40 },
    { kind: 'gap', from: 40, px: 99_960 * 32 },
  ])
})

test('runs and gaps are together as high as all rows, wherever one scrolls', () => {
  for (const top of [0, 31, 5_000, 1_600_000, 3_199_360, 9_999_999])
    for (const keep of [-1, 0, 7, 50_000, 99_999]) expect(heightOf({ ...at, top, keep })).toBe(100_000 * 32)
})

test('a row with the focus stays drawn when it is out of sight', () => {
  const runs = rowsToDraw({ ...at, top: 1_600_000, keep: 3 })

  expect(runs[0]).toEqual({ kind: 'gap', from: 0, px: 96 })
  expect(runs[1]).toEqual({ kind: 'rows', from: 3, to: 4 })
})

function heightOf(window: typeof at): number {
  return rowsToDraw(window).reduce(
    (sum, run) => sum + (run.kind === 'gap' ? run.px : (run.to - run.from) * window.rowPx),
    0,
  )
}

test('an open row keeps its place when rows come before it or go', () => {
  const seen = { rowPx: 32, top: 1600, height: 640 }

  expect(scrolledTo({ ...seen, at: 60, moved: 7 })).toBe(1600 + 7 * 32)
  expect(scrolledTo({ ...seen, at: 60, moved: -60 })).toBe(0)
  expect(scrolledTo({ ...seen, at: 60, moved: 0 })).toBe(1600)
})

test('a row opened in sight moves nothing; one opened out of sight comes to the nearer edge', () => {
  const opened = { moved: undefined, rowPx: 32, top: 1600, height: 640 }

  expect(scrolledTo({ ...opened, at: 50 })).toBe(1600)
  expect(scrolledTo({ ...opened, at: 69 })).toBe(1600)
  expect(scrolledTo({ ...opened, at: 49 })).toBe(49 * 32)
  expect(scrolledTo({ ...opened, at: 70 })).toBe(1600 + 32)
  expect(scrolledTo({ ...opened, at: 3, height: 0 })).toBe(4 * 32)
})
