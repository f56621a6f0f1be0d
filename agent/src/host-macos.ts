import { statfsSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import type { Host } from './host.ts'
import { breathe, sleep, steady, timer } from './host-clock.ts'
import { newFiles } from './host-linux/files.ts'
import { newFileHasher } from './host-linux/hash-file.ts'
import { inventory } from './host-linux/inventory.ts'
import { isDeleted, linkNow, listNow, newPatientReader, ownerNow, readNow, textNow } from './host-linux/proc.ts'
import { newWatch } from './host-linux/watch.ts'
import { newFolderWatch } from './host-linux/watch-folders.ts'
import { askNow, commands } from './host-macos/commands.ts'
import { bootIdNow, osNow, zoneOf } from './host-macos/machine.ts'
import { ownUse } from './host-macos/own-use.ts'
import { newSystemLog } from './host-macos/system-log.ts'

/**
 * The Mac this process runs on. What is asked of files is asked as on Linux, beside this thread: no kind of volume is
 * known there to answer at once. That an open file grows is not told; who follows it looks from time to time.
 */
export function newMacosHost({ timeZone }: { timeZone?: string | undefined } = {}): Host {
  return {
    platform: 'darwin',
    name: hostname(),
    os: osNow(askNow),
    bootId: bootIdNow(askNow),
    // From kern.boottime, which counts the time it slept, too (uv_uptime of libuv).
    sinceBoot: () => Math.round(uptime() * 1000),
    zone: timeZone || zoneOf(linkNow('/etc/localtime')) || Intl.DateTimeFormat().resolvedOptions().timeZone,
    utcOffset: () => 0 - new Date().getTimezoneOffset(),
    now: () => Date.now(),
    steady,
    sleep,
    timer,
    ...newFiles({ steady, breathe }),
    readNow,
    textNow,
    ownerNow,
    linkNow,
    listNow,
    readHanging: newPatientReader(),
    hashFile: newFileHasher(),
    isDeleted,
    behindNow: () => undefined,
    openMemory: async () => 'failed',
    breathe,
    watch: newWatch,
    watchFolders: newFolderWatch,
    ...commands,
    askScript: async () => ({ why: 'powershell is not installed' }),
    inventory,
    readDatabase: async () => ({ code: 'child-failed', says: 'Database servers are asked on Linux only.' }),
    noteInSystemLog: newSystemLog(commands.ask),
    space(path) {
      const { bavail, blocks, bsize } = statfsSync(path)
      return { free: bavail * bsize, total: blocks * bsize }
    },
    use: ownUse,
  }
}
