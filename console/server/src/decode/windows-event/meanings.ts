import { meaningFinder } from './meaning.ts'
import { defender } from './meaning-defender.ts'
import { powershell } from './meaning-powershell.ts'
import { localSessions, remoteConnections } from './meaning-remote-desktop.ts'
import { security } from './meaning-security.ts'
import { sysmon } from './meaning-sysmon.ts'
import { system } from './meaning-system.ts'
import { taskScheduler } from './meaning-task-scheduler.ts'

/** Every channel that is understood, whatever carried its events. */
export const findMeaning = meaningFinder([
  security,
  system,
  sysmon,
  powershell,
  localSessions,
  remoteConnections,
  defender,
  taskScheduler,
])
