import { lookInto } from '../data-folder.ts'
import { readStatus } from '../status.ts'
import { agentFindings } from './agent.ts'
import { capsFinding } from './caps.ts'
import { configFinding } from './config.ts'
import { consoleFindings } from './console.ts'
import { diskFinding } from './disk.ts'
import { enrolmentFindings } from './enrolment.ts'
import type { Examined, Finding } from './finding.ts'
import { folderFinding } from './folder.ts'
import { serviceFinding } from './service.ts'

/** Everything that stands between this machine and its console, in the order in which it is to be mended. */
export async function examine(examined: Examined): Promise<Finding[]> {
  const folder = folderFinding(examined)
  const config = configFinding(examined)
  const { findings: enrolment, identity } = enrolmentFindings(examined)
  const note = identity === undefined ? undefined : readStatus(lookInto(examined.path))
  return [
    folder,
    config,
    ...enrolment,
    ...(identity === undefined ? [] : await consoleFindings(identity, examined)),
    ...(identity === undefined ? [] : await agentFindings(note, examined)),
    capsFinding(note, examined),
    diskFinding(note, examined),
    await serviceFinding(examined),
  ]
}
