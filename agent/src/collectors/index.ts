import { accounts } from './account/index.ts'
import { autoruns } from './autorun/index.ts'
import { certificates } from './certificate/index.ts'
import type { Collector } from './collector.ts'
import { databases } from './database/index.ts'
import { eventLogs } from './event-log/index.ts'
import { fileIntegrity } from './file-integrity/index.ts'
import { interfaces } from './interface/index.ts'
import { inventory } from './inventory/index.ts'
import { journal } from './journal/index.ts'
import { kernel } from './kernel/index.ts'
import { logFiles } from './log-file/index.ts'
import { logins } from './login/index.ts'
import { macosUnifiedLog } from './macos-unified-log/index.ts'
import { memory } from './memory/index.ts'
import { networkSettings } from './network-setting/index.ts'
import { processes } from './process/index.ts'
import { protection } from './protection/index.ts'
import { sockets } from './socket/index.ts'
import { software } from './software/index.ts'
import { privilegedFiles } from './suid/index.ts'

/**
 * Every kind of evidence an agent takes by itself. The order is that of the first passes after a start: what is gone in a
 * moment comes first, what lies on the disk last (RFC 3227, 2.1).
 */
export const collectors: readonly Collector[] = [
  processes,
  sockets,
  interfaces,
  databases,
  logins,
  logFiles,
  journal,
  macosUnifiedLog,
  eventLogs,
  memory,
  accounts,
  autoruns,
  software,
  kernel,
  networkSettings,
  inventory,
  protection,
  certificates,
  privilegedFiles,
  fileIntegrity,
]
