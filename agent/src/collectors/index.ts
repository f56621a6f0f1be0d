import type { Collector } from './collector.ts'
import { interfaces } from './interface/index.ts'
import { inventory } from './inventory/index.ts'
import { journal } from './journal/index.ts'
import { logFiles } from './log-file/index.ts'
import { logins } from './login/index.ts'
import { processes } from './process/index.ts'
import { sockets } from './socket/index.ts'

/** Every kind of evidence an agent takes by itself. The order is that of the first passes after a start. */
export const collectors: readonly Collector[] = [logFiles, journal, logins, processes, sockets, interfaces, inventory]
