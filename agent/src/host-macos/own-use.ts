import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { OwnUse } from '../host.ts'

/** Of the agent itself: what the programs it started have used macOS tells only whoever waits for them, which Node hides. */
export const ownUse: OwnUse = {
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
