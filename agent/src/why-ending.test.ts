import { expect, test } from 'vitest'
import { newFakeHost } from './host.fixture.ts'
import type { Host } from './host.ts'
import { whyEnding } from './why-ending.ts'

const folder = { has: () => false }
const own = String(process.pid)

test('a service that its manager stops says so', async () => {
  const host = withSystemd({ SystemState: 'running', ActiveState: 'deactivating', MainPID: own })

  expect(await whyEnding(host, folder)).toBe('service-stopped')
})

test('a service that somebody else sent a signal, and an agent run by hand beside it, were just stopped', async () => {
  expect(await whyEnding(withSystemd({ ActiveState: 'active', MainPID: own }), folder)).toBe('stopped')
  expect(await whyEnding(withSystemd({ ActiveState: 'deactivating', MainPID: '1' }), folder)).toBe('stopped')
  expect(await whyEnding(newFakeHost(), folder)).toBe('stopped')
})

test('on a machine that shuts down everything is stopped, and that is why', async () => {
  const host = withSystemd({ SystemState: 'stopping', ActiveState: 'deactivating', MainPID: own })

  expect(await whyEnding(host, folder)).toBe('host-stopping')
})

test.each([
  ['0', 'host-stopping'],
  ['6', 'host-stopping'],
  ['5', 'stopped'],
])('without systemd the runlevel says it: %s', async (level, why) => {
  const utmp = Buffer.concat([utmpRecord('5'), utmpRecord('0', 7), utmpRecord(level), Buffer.alloc(100)])
  const host = { ...newFakeHost(), readNow: (path: string) => (path === '/run/utmp' ? utmp : undefined) }

  expect(await whyEnding(host, folder)).toBe(why)
})

test('whoever takes the agent off the machine leaves a mark first', async () => {
  expect(await whyEnding(newFakeHost(), { has: () => true })).toBe('uninstalled')
})

test('a service manager that fails or says nothing that is known stops nobody from ending', async () => {
  const failing: Host = {
    ...newFakeHost(),
    has: () => true,
    // biome-ignore lint/correctness/useYield: it fails before it has anything to say
    async *run() {
      throw new Error('System has not been booted with systemd as init system')
    },
  }

  expect(await whyEnding(failing, folder)).toBe('stopped')
})

function withSystemd(properties: Record<string, string>): Host {
  return {
    ...newFakeHost(),
    has: (command) => command === 'systemctl',
    async *run(_command, args) {
      const names = (args.find((arg) => arg.startsWith('--property=')) ?? '').slice('--property='.length).split(',')
      for (const name of names) if (name in properties) yield Buffer.from(`${name}=${properties[name]}\n`)
    },
  }
}

function utmpRecord(level: string, type = 1): Buffer {
  const record = Buffer.alloc(384)
  record.writeInt16LE(type, 0)
  record.writeInt32LE(level.charCodeAt(0), 4)
  return record
}
