import { expect, test } from 'vitest'
import { newFakeHost } from '../host.fixture.ts'
import { Pace } from './pace.ts'

test('a first look that is larger than a batch is no backlog; batch after batch is one', async () => {
  const host = newFakeHost()
  const pace = new Pace(host)

  expect([pace.full(), pace.full(), pace.full()]).toEqual([false, false, false])
  await host.advance(60_001)

  expect([pace.full(), pace.full(), pace.full(), pace.full()]).toEqual([false, false, false, true])
})
