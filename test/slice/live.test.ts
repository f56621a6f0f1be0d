import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Deps } from '../../console/server/src/deps.ts'
import { openLive } from '../../console/server/src/live.ts'
import { sessionCookie } from '../../console/server/src/people/door.ts'
import { addPerson } from '../../console/server/src/people/people.ts'
import { startSession } from '../../console/server/src/people/sessions.ts'
import { openStore } from '../../console/server/src/store/store.ts'
import { buildWeb } from '../../console/server/src/web.ts'
import { createLive, type Socket } from '../../console/ui/src/api/live-socket.ts'

test('two people on different pages each hear of their own, and neither asks for everything again', async () => {
  const console = await serve()
  const [first, second] = [console.page('host:a'), console.page('findings')]
  await vi.waitUntil(() => console.live.topics().length === 2)

  for (let time = 1; time <= 3; time++) {
    for (const topic of ['host:a', 'findings']) console.live.changed(topic)
    await vi.waitUntil(() => first.changed.length === time && second.changed.length === time)
  }

  expect(first).toMatchObject({ stale: 0, changed: ['host:a', 'host:a', 'host:a'] })
  expect(second).toMatchObject({ stale: 0, changed: ['findings', 'findings', 'findings'] })
})

/** The browser's door of a console, with its live socket alone, and pages as a browser opens them. */
async function serve() {
  const store = await openStore({ file: ':memory:' })
  const live = openLive()
  const deps = { store, live, index: { watch: () => undefined }, receive: null, now: Date.now }
  // The live socket reaches for these only; the routes behind the other addresses are not asked.
  const app = await buildWeb(deps as unknown as Deps, { tls: null })
  await app.listen({ port: 0, host: '127.0.0.1' })
  // An address of a TCP server that listens.
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  onTestFinished(async () => {
    await app.close()
    await store.destroy()
  })
  const person = { email: 'an@halyard-customs.example', role: 'analyst', password: 'a long sample password' } as const
  const id = await addPerson(store, person, { who: person.email, at: '2026-10-29T12:00:00.000Z' })
  const headers = { origin, cookie: `${sessionCookie}=${await startSession(store, id, Date.now())}` }
  // Node's WebSocket takes headers, which the type, a browser's, does not know; what a page uses of it is `Socket`.
  const open = () => new WebSocket(`${origin.replace('http', 'ws')}/ws/console`, { headers } as never) as Socket
  return { live, page: (topic: string) => openPage(open, topic) }
}

function openPage(open: () => Socket, topic: string) {
  const heard = { stale: 0, changed: [] as string[] }
  const page = createLive({
    open,
    now: Date.now,
    after: () => () => undefined,
    reachable: async () => true,
    onState: () => undefined,
    onChanged: (changed) => heard.changed.push(changed),
    onRows: () => undefined,
    onStale: () => {
      heard.stale += 1
    },
  })
  page.watch(topic)
  page.start()
  onTestFinished(page.stop)
  return heard
}
