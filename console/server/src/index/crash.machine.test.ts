import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Chunk } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { dumpOf } from './dump.fixture.ts'
import { logLines, newFolder, newLedgerKeys, openTestConsole, span, type TestConsole } from './index.fixture.ts'

const batches = 240
const linesEach = 40
const detectors = [{ id: 'sign-ins', reads: ['sshd'], windowMs: 3_600_000 }]

test('writers that are killed again and again leave the same index as writers that are not', {
  timeout: 120_000,
}, async () => {
  const folder = newFolder()
  const ledgerKeys = newLedgerKeys()
  const console = await openTestConsole({ folder, ledgerKeys, detectors })
  await fill(console)

  for (let kills = 0; kills < 5; kills++) {
    await nextNews(console)
    // Somewhere in the next transaction of one or both.
    await wait(kills * 29)
    for (const pid of Object.values(console.index.pids())) if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
  await console.caughtUp()
  await console.close({ keep: true })
  const killed = await dumpOf(join(folder, 'index'))

  const again = await openTestConsole({ folder, ledgerKeys, detectors })
  await again.index.reindex()
  await again.close({ keep: true })
  const calm = await dumpOf(join(folder, 'index'))

  expect(Object.keys(killed)).toEqual(Object.keys(calm))
  for (const name of Object.keys(calm)) expect(killed[name], name).toEqual(calm[name])
  const events = Object.entries(calm).flatMap(([name, rows]) => (name.endsWith('db events') ? rows : []))
  expect(events).toHaveLength(batches * linesEach + batches / 2)
  expect(events).toContainEqual(expect.objectContaining({ context: expect.stringContaining(`/${linesEach}`) }))
  expect(console.logged.filter(({ msg }) => msg === 'an index writer died').length).toBeGreaterThan(5)
})

function nextNews({ index }: TestConsole): Promise<void> {
  return new Promise((resolve) => {
    const stop = index.onIndexed(() => {
      stop()
      resolve()
    })
  })
}

/** Lines of two hosts over two days of the console, some of them cut in the middle and going on in the next batch. */
async function fill(console: TestConsole): Promise<void> {
  const hosts = [await console.host('desk-1'), await console.host('lap-1')]
  const offsets = [0, 0]
  for (let i = 0; i < batches; i++) {
    const which = i % 2
    const first = offsets[which] ?? 0
    let next = first
    const take = (lines: readonly string[], marks: Partial<Chunk['head']> = {}) => {
      const chunk = logLines(lines, { offset: next, marks })
      next += chunk.bytes.length
      return chunk
    }
    const lines = Array.from({ length: linesEach }, (_, n) => line(i * linesEach + n))
    // Every second batch of a host ends within a line, and the next one goes on with it.
    const chunks =
      Math.floor(i / 2) % 2 === 0
        ? [take(lines), take(['Nov 24 12:00:00 desk-1 app[1]: it begins'], { part: 1, lf: false })]
        : [take([' and ends'], { part: 2, last: true }), take(lines)]
    offsets[which] = next
    const receivedAtMs = Date.parse(i < batches / 2 ? '2026-11-24T23:59:00Z' : '2026-11-25T00:01:00Z')
    await hosts[which]?.send(
      { chunks, statement: { sources: [span(first, next, { count: linesEach + 1 })] } },
      { receivedAtMs },
    )
  }
}

function line(n: number): string {
  const at = new Date(Date.parse('2026-11-24T10:00:00Z') + n * 1000).toISOString().slice(11, 19)
  return `Nov 24 ${at} desk-1 sshd[${n}]: Failed password for user${n % 37} from 203.0.${n % 7}.${n % 250} port 22 ssh2`
}
