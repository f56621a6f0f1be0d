import { type FakeClock, newFakeClock } from './clock.fixture.ts'
import type { Host } from './host.ts'

export type FakeHost = Host & FakeClock & { systemLog: string[] }

/** A machine with nothing on it but a clock that a test moves and a system log it can read. */
export function newFakeHost(clock: FakeClock = newFakeClock()): FakeHost {
  const systemLog: string[] = []
  const none = () => {
    throw new Error('this machine has none')
  }
  return {
    ...clock,
    systemLog,
    platform: 'linux',
    name: 'desk-1',
    os: 'Debian GNU/Linux 12 (bookworm)',
    bootId: 'boot-1',
    sinceBoot: () => undefined,
    zone: 'America/New_York',
    utcOffset: () => -300,
    stat: async () => undefined,
    facts: async () => undefined,
    open: async () => 'missing',
    list: async () => [],
    names: async () => undefined,
    read: async () => 'missing',
    readNow: () => undefined,
    textNow: () => undefined,
    ownerNow: () => undefined,
    linkNow: () => undefined,
    listNow: () => [],
    openMemory: async () => 'missing',
    readHanging: async () => undefined,
    hashFile: async () => ({ why: 'missing' }),
    isDeleted: () => false,
    behindNow: () => undefined,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    watch: none,
    watchFolders: none,
    has: () => false,
    run: none,
    ask: async (command) => ({ why: `${command} is not installed` }),
    askScript: async () => ({ why: 'powershell is not installed' }),
    inventory: none,
    readDatabase: none,
    async noteInSystemLog(line) {
      systemLog.push(line)
      return true
    },
    space: () => ({ free: 1e12, total: 1e12 }),
    use: { cpuMs: () => 0, rssBytes: () => 60_000_000, collectGarbage: () => {} },
  }
}
