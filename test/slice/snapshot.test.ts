import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CreatedToken, HostDetail } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import {
  eventually,
  freePort,
  startAgent,
  startConsole,
  temporaryFolder,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'

test('a machine that is copied back from a snapshot goes on as a new host, shown beside the old one, and what was written meanwhile is there', async () => {
  const folder = temporaryFolder()
  const data = join(folder, 'console')
  const [agentData, snapshot] = [join(folder, 'agent'), join(folder, 'snapshot')]
  const log = join(folder, 'app.log')
  const config = join(folder, 'agent.yaml')
  mkdirSync(data)
  writeFileSync(log, 'before\n')
  writeFileSync(config, `sources: [log-file]\nfiles:\n  - ${log}\n`)
  await startConsole(data, { port: await freePort(), agentPort: await freePort() })
  const { token } = (await tidewaiter(['token', 'create', '--data', data, '--json'])).json<CreatedToken>()
  expect(await tidewaiterAgent(['enroll', '--token', token, '--data', agentData])).toMatchObject({ status: 0 })
  const run = async (line: string) => {
    const agent = await startAgent(agentData, ['--config', config])
    appendFileSync(log, `${line}\n`)
    await eventually(async () => expect(await textsOf(data, log)).toContain(line))
    return agent
  }
  await (await run('one')).kill('SIGTERM')
  cpSync(agentData, snapshot, { recursive: true })
  await (await run('two')).kill('SIGTERM')

  rmSync(agentData, { recursive: true })
  cpSync(snapshot, agentData, { recursive: true })
  await run('three')

  await eventually(async () => {
    const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<HostDetail[]>()
    expect(hosts.map(({ status }) => status).sort()).toEqual(['online', 'retired'])
    expect(new Set(await textsOf(data, log))).toEqual(new Set(['before', 'one', 'two', 'three']))
  })
  const report = await tidewaiter(['verify', '--ledger', '--against-hosts', '--data', data, '--json'])
  expect(report.json()).toMatchObject({ ok: true, verdict: 'intact' })
})

async function textsOf(data: string, log: string): Promise<(string | undefined)[]> {
  const found = await tidewaiter(['search', `source:"log-file:${log}"`, '--limit', '1000', '--data', data, '--json'])
  return found.lines<{ event: { original?: string } }>().map(({ event }) => event.original)
}
