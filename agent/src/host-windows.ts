import { statfsSync } from 'node:fs'
import { hostname, release, uptime, version } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Host, OwnUse } from './host.ts'
import { breathe, sleep, steady, timer } from './host-clock.ts'
import { newFileHasher } from './host-linux/hash-file.ts'
import { inventory } from './host-linux/inventory.ts'
import { newWatch } from './host-linux/watch.ts'
import { newFolderWatch } from './host-linux/watch-folders.ts'
import { bootIdNow } from './host-windows/boot-id.ts'
import { fileOf, newCommands, systemAt } from './host-windows/commands.ts'
import { files } from './host-windows/files.ts'
import { newPowerShell, powerShellArguments } from './host-windows/powershell.ts'
import { newSystemLog } from './host-windows/system-log.ts'

/**
 * The Windows machine this process runs on. There is no /proc: what only that has is not there.
 * @param systemRoot folder of Windows, as its environment says
 */
export function newWindowsHost({ systemRoot = 'C:\\Windows' }: { systemRoot?: string | undefined } = {}): Host {
  const system = systemAt(systemRoot)
  const commands = newCommands(system)
  const powerShell = fileOf('powershell', system)
  return {
    platform: 'win32',
    name: hostname(),
    os: `${version()} ${release()}`,
    bootId: bootIdNow(system, Date.now()),
    sinceBoot: () => Math.round(uptime() * 1000),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    utcOffset: () => 0 - new Date().getTimezoneOffset(),
    now: () => Date.now(),
    steady,
    sleep,
    timer,
    ...files,
    readNow: () => undefined,
    textNow: () => undefined,
    ownerNow: () => undefined,
    linkNow: () => undefined,
    listNow: () => [],
    readHanging: async () => undefined,
    hashFile: newFileHasher(),
    isDeleted: () => false,
    behindNow: () => undefined,
    openMemory: async () => 'failed',
    breathe,
    watch: newWatch,
    watchFolders: newFolderWatch,
    ...commands,
    askScript: newPowerShell(
      powerShell === undefined ? undefined : { file: powerShell, args: powerShellArguments, env: system.env },
      { timer },
    ),
    inventory,
    readDatabase: async () => ({ code: 'child-failed', says: 'Database servers are asked on Linux only.' }),
    noteInSystemLog: newSystemLog(commands.ask),
    space(path) {
      const { bavail, blocks, bsize } = statfsSync(path)
      return { free: bavail * bsize, total: blocks * bsize }
    },
    use,
  }
}

/** What programs of this system get of an environment. */
export function environmentOf(systemRoot = 'C:\\Windows'): NodeJS.ProcessEnv {
  return systemAt(systemRoot).env
}

/** Of the agent itself: Windows tells nobody what the programs it started have used (its job object limits them). */
const use: OwnUse = {
  cpuMs() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  rssBytes: () => process.memoryUsage.rss(),
  collectGarbage() {
    setFlagsFromString('--expose-gc')
    runInNewContext('gc')()
  },
}
