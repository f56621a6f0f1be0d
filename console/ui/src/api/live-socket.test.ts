import { expect, test } from 'vitest'
import { createLive, type LiveState, type Socket } from './live-socket.ts'

test('a page that names two topics sends one subscription', async () => {
  const world = fakeWorld()
  world.live.start()
  world.sockets[0]?.onopen?.()

  world.live.watch('overview')
  world.live.watch('hosts')
  await settled()

  expect(world.sent).toEqual([{ sub: ['overview', 'hosts'] }])
})

test('after a reconnect everything is asked again and the topics are named again', async () => {
  const world = fakeWorld()
  world.live.start()
  world.live.watch('overview')
  world.sockets[0]?.onopen?.()
  await settled()

  world.sockets[0]?.onclose?.()
  await settled()
  world.runTimers()
  world.sockets[1]?.onopen?.()
  await settled()

  expect(world.stale).toBe(1)
  expect(world.sent).toEqual([{ sub: ['overview'] }, { sub: ['overview'] }])
  expect(world.states.map((state) => state.state)).toEqual(['live', 'offline', 'live'])
})

test('a closed socket with an API that answers is told apart from a console that is gone', async () => {
  const world = fakeWorld({ reachable: true })
  world.live.start()

  world.sockets[0]?.onclose?.()
  await settled()

  expect(world.states).toEqual([{ state: 'asking', since: 1000, retryAt: 2000 }])
})

test('waiting doubles with each failed try', async () => {
  const world = fakeWorld()
  world.live.start()

  for (let at = 0; at < 3; at += 1) {
    world.sockets[at]?.onclose?.()
    await settled()
    world.runTimers()
  }

  expect(world.waits).toEqual([1000, 2000, 4000])
})

test('a hole in the sequence makes everything stale', () => {
  const world = fakeWorld()
  world.live.start()
  world.sockets[0]?.onopen?.()

  world.sockets[0]?.onmessage?.({ data: '{"seq":1,"topic":"hosts","changed":true}' })
  world.sockets[0]?.onmessage?.({ data: '{"seq":4,"topic":"hosts","changed":true}' })

  expect(world.changed).toEqual(['hosts', 'hosts'])
  expect(world.stale).toBe(1)
})

test('a stopped socket does not come back', async () => {
  const world = fakeWorld()
  world.live.start()
  world.live.stop()

  world.sockets[0]?.onclose?.()
  await settled()
  world.runTimers()

  expect(world.sockets).toHaveLength(1)
})

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

function fakeWorld({ reachable = false } = {}) {
  const sockets: Socket[] = []
  const timers = new Set<() => void>()
  const world = {
    sockets,
    sent: [] as unknown[],
    states: [] as LiveState[],
    changed: [] as string[],
    waits: [] as number[],
    stale: 0,
    runTimers() {
      const due = [...timers]
      timers.clear()
      for (const act of due) act()
    },
    live: createLive({
      open() {
        const socket: Socket = {
          onopen: null,
          onmessage: null,
          onclose: null,
          send: (text) => world.sent.push(JSON.parse(text)),
          close: () => undefined,
        }
        sockets.push(socket)
        return socket
      },
      now: () => 1000,
      after(ms, act) {
        world.waits.push(ms)
        timers.add(act)
        return () => timers.delete(act)
      },
      reachable: async () => reachable,
      onState: (state) => world.states.push(state),
      onChanged: (topic) => world.changed.push(topic),
      onRows: () => undefined,
      onStale: () => {
        world.stale += 1
      },
    }),
  }
  return world
}
