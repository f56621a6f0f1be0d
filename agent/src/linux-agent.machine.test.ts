import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { enrolledFolder, eventually, ownRecords, recordsOf, startAgent } from './agent.fixture.ts'
import { collectors } from './collectors/index.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { newLinuxHost } from './host-linux.ts'
import { startFakeConsole } from './uplink/console.fixture.ts'

test('an agent on this machine gives the console its logs, sign-ins, processes, sockets, interfaces and inventory', {
  timeout: 60_000,
}, async () => {
  const fake = await startFakeConsole()
  const folder = temporaryFolder()
  const [log, btmp] = [join(folder, 'app.log'), join(folder, 'btmp')]
  writeFileSync(log, 'one\n')
  writeFileSync(btmp, Buffer.alloc(384, 'a'))
  const path = await enrolledFolder(fake)
  const start = () => startAgent(path, { host: newLinuxHost(), collectors, files: [log, btmp], config })
  // What the test itself uses counts as the agent's.
  const config = { caps: { cpuPercent: 100, memoryMb: 4_000 } }
  const rows = (source: string) => recordsOf(fake.host.line, source)

  const first = start()
  await eventually(() => rows(`log-file:${log}`)).toEqual(['one'])
  await first.stop()
  appendFileSync(log, 'two\n')
  renameSync(log, `${log}.1`)
  writeFileSync(log, 'three\n')
  start()

  await eventually(() => rows(`log-file:${log}`)).toEqual(['one', 'two', 'three'])
  await eventually(() => rows('inventory').length).toBeGreaterThan(8)
  expect(rows(`login:${btmp}`)).toHaveLength(1)
  await eventually(() => rows('process').map((row) => JSON.parse(row).pid)).toContain(process.pid)
  await eventually(() => rows('socket').join('\n')).toContain(`"pid":${process.pid},`)
  await eventually(() => rows('interface').map((row) => JSON.parse(row).face)).toContain('lo')
  expect(ownRecords(fake.host.line, 'agent:gap', 'gap')).toEqual([])
  expect(fake.host.line.flatMap(({ header }) => header.lost)).toEqual([])
})
