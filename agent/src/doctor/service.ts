import { askSystemd, unitName } from '../service.ts'
import type { Examined, Finding } from './finding.ts'

const name = 'service'

/** Whether systemd starts the agent with the machine, where there is systemd. */
export async function serviceFinding({ host }: Examined): Promise<Finding> {
  const unit = await askSystemd(host)
  if (unit === undefined) return { name, ok: true, says: 'systemd does not run here: start the agent by other means' }
  const { LoadState, ActiveState, UnitFileState } = unit
  if (LoadState !== 'loaded')
    return { name, ok: true, says: `${unitName} is not installed: the agent does not start with the machine` }
  const says = `${unitName} is ${ActiveState} and ${UnitFileState}`
  if (ActiveState === 'active' && UnitFileState === 'enabled') return { name, ok: true, says }
  return { name, ok: false, says, fix: `systemctl enable --now ${unitName}` }
}
