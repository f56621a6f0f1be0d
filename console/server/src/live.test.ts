import type { EventRow } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { type News, openLive } from './live.ts'

/** A live whose quarter seconds pass when the test says so. */
function newTestLive() {
  const waiting: (() => void)[] = []
  const live = openLive((run) => void waiting.push(run))
  const heard: News[] = []
  const pass = () => {
    for (const run of waiting.splice(0)) run()
  }
  return { live, heard, pass, hear: (news: News) => void heard.push(news) }
}

// Only the number of rows matters here.
const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ record: `h/1/${i}` }) as EventRow)

test('what changes ten times in a quarter of a second is told once', () => {
  const { live, heard, pass, hear } = newTestLive()
  live.listen(['hosts'], hear)

  for (let i = 0; i < 10; i++) live.changed('hosts')
  pass()

  expect(heard).toEqual([{ topic: 'hosts', changed: true }])
})

test('rows of a host come together, the newest 200 of them, and the rest is counted', () => {
  const { live, heard, pass, hear } = newTestLive()
  live.listen(['events:h'], hear)

  live.events('h', rows(150))
  live.events('h', rows(150))
  pass()

  expect(heard).toMatchObject([{ topic: 'events:h', more: 100 }])
  expect(heard[0]).toHaveProperty('rows.length', 200)
})

test('nobody hears what nobody listens to, and nothing is kept for it', () => {
  const { live, heard, pass, hear } = newTestLive()
  const stop = live.listen(['hosts'], hear)
  stop()

  live.changed('hosts')
  live.events('h', rows(1))
  pass()

  expect([heard, live.topics()]).toEqual([[], []])
})

test('two that listen to one topic both hear it, and each stops alone', () => {
  const { live, heard, pass, hear } = newTestLive()
  const stop = live.listen(['hosts'], hear)
  live.listen(['hosts', 'findings'], (news) => hear(news))

  live.changed('hosts')
  pass()
  stop()
  live.changed('hosts')
  pass()

  expect(heard).toHaveLength(3)
  expect(live.topics()).toEqual(['hosts', 'findings'])
})
