import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Chunk, historyOf } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import type { BackfilledPlace, Collector, From } from '../collectors/collector.ts'
import { logFiles } from '../collectors/log-file/index.ts'
import { logins } from '../collectors/login/index.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { newLinuxHost } from '../host-linux.ts'
import { recordsOf } from './log.fixture.ts'

const limits = { timeout: 60_000 }

test('what logrotate and gzip left on a machine is read by a new agent, oldest first (real gzip)', limits, async () => {
  const folder = join(temporaryFolder(), 'log')
  mkdirSync(folder)
  const log = join(folder, 'auth.log')
  const days = [5, 4, 3, 2, 1].map((day) => ({ day, lines: linesOf(day, 20_000) }))
  for (const { day, lines } of days) {
    writeFileSync(`${log}.${day}`, lines.map((line) => `${line}\n`).join(''))
    touch(`${log}.${day}`, day)
    if (day > 1) execFileSync('gzip', ['-n', `${log}.${day}`])
  }
  writeFileSync(log, 'now\n')

  const read = await readBy(logFiles, [log], `log-file:${log}`)

  expect(read.live).toEqual(['now'])
  expect(read.history).toEqual(days.flatMap(({ lines }) => lines))
  expect(read.told).toMatchObject({ files: { done: 5, total: 5 } })
  expect(read.lost).toEqual([])
})

test('old login files are read with the ones in use, compressed or not (real gzip)', limits, async () => {
  const folder = temporaryFolder()
  const records = (from: number) => Array.from({ length: 3 }, (_, i) => String.fromCharCode(65 + from + i).repeat(384))
  for (const name of ['wtmp', 'btmp']) {
    const path = join(folder, name)
    writeFileSync(path, records(6).join(''))
    for (const number of [2, 1]) {
      writeFileSync(`${path}.${number}`, records(3 * (2 - number)).join(''))
      touch(`${path}.${number}`, number)
    }
    execFileSync('gzip', ['-n', `${path}.2`])

    const read = await readBy(logins, [path], `login:${path}`)

    expect(read.live).toEqual(records(6))
    expect(read.history).toEqual([...records(0), ...records(3)])
    expect(read.lost).toEqual([])
  }
})

function linesOf(day: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `Nov ${20 - day} 10:00:00 gate sshd[${i}]: line ${i} of day ${day}`)
}

function touch(path: string, daysAgo: number): void {
  execFileSync('touch', ['-d', `${daysAgo} days ago`, path])
}

/** One source of a collector on this machine, until its history is read. */
async function readBy({ collect }: Collector, files: string[], source: string) {
  const past = historyOf(source)
  const places = new Map<string, BackfilledPlace | { position: BackfilledPlace['position']; backfill: undefined }>()
  const chunks: Chunk[] = []
  const lost: string[] = []
  const placeOf = (id: string) => {
    const place = places.get(id)
    return place?.backfill === undefined ? undefined : place
  }
  const position = (id: string) => places.get(id)?.position
  const history = { sinceMs: Number.NEGATIVE_INFINITY, placeOf, mayGoOn: () => true }
  const from: From = { position, history, files, takeFull: () => true, before: new Map() }
  const stop = new AbortController()
  const told = () => placeOf(past)?.backfill.told
  for await (const taken of collect(newLinuxHost(), stop.signal, from)) {
    if ('lost' in taken && taken.source === past) lost.push(taken.lost.cause)
    if ('chunks' in taken) {
      const { next, backfill = places.get(taken.source)?.backfill } = taken
      places.set(taken.source, { position: next, backfill } as BackfilledPlace)
      if (taken.source === source || taken.source === past)
        chunks.push(...taken.chunks.map((chunk) => ({ ...chunk, bytes: Buffer.from(chunk.bytes) })))
    }
    if (typeof told()?.finishedAt === 'string' && position(source) !== undefined) break
    if (chunks.length === 0) await pause(1)
  }
  stop.abort()
  const recordsIn = (id: string) => chunks.filter(({ head }) => head.source === id).flatMap(recordsOf)
  return { live: recordsIn(source), history: recordsIn(past), told: told(), lost }
}
