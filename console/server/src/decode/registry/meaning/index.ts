import { accounts } from './accounts.ts'
import { autoruns } from './autoruns.ts'
import { background } from './background.ts'
import { boot } from './boot.ts'
import { devices } from './devices.ts'
import { firewallRules } from './firewall-rules.ts'
import { groups } from './groups.ts'
import { installed } from './installed.ts'
import { inventory } from './inventory.ts'
import type { Meaning } from './meaning.ts'
import { network } from './network.ts'
import { officeDocuments } from './office.ts'
import { policies } from './policy.ts'
import { recent } from './recent.ts'
import { services } from './services.ts'
import { settings } from './settings.ts'
import { shimCache } from './shim-cache.ts'
import { system } from './system.ts'
import { tasks } from './tasks.ts'
import { traces } from './traces.ts'
import { userAssist } from './user-assist.ts'

/** Everything that is known of keys. Where several know one, each says its own. */
export const meanings: readonly Meaning[] = [
  ...accounts,
  ...groups,
  ...autoruns,
  ...services,
  ...tasks,
  ...devices,
  ...shimCache,
  ...inventory,
  ...userAssist,
  ...background,
  ...traces,
  ...recent,
  ...officeDocuments,
  ...network,
  ...firewallRules,
  ...system,
  ...policies,
  ...boot,
  ...settings,
  ...installed,
]
