import { causeAndFix, isAgentRefusal } from '../error.ts'
import type { Examined, Finding } from './finding.ts'

const name = 'config'

export function configFinding({ readConfig }: Examined): Finding {
  try {
    const { sources, files = [] } = readConfig()
    const which = sources === undefined ? 'every source' : `${sources.length} sources`
    return { name, ok: true, says: `${which}, ${files.length} more log files` }
  } catch (cause) {
    if (!isAgentRefusal(cause)) throw cause
    const { cause: says, fix } = causeAndFix(cause)
    return { name, ok: false, says, ...(fix !== undefined && { fix }) }
  }
}
