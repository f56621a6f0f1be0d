import { narrow, Policy } from '@tidewaiter/protocol'
import { capsOf } from './caps.ts'
import type { OwnRecords } from './own-records.ts'
import type { Spool } from './spool/spool.ts'

/** The policy that the newest record of one states. */
const toldName = 'policy'

/** The host's own policy with every cap, narrowed by the console's. */
export interface PolicyInForce {
  now(): Policy
  /** The console's policy: kept, so that it holds while the console is away. Sealed as a record when it changes anything. */
  setRemote(policy: Policy): Promise<void>
}

/**
 * Takes up the policy this host had, or seals a record of how it changed while the agent was not running.
 * @param changed called with the policy from now on, and waited for
 */
export async function openPolicy(
  local: Policy,
  { spool, own, changed }: { spool: Spool; own: OwnRecords; changed(policy: Policy): Promise<void> | void },
): Promise<PolicyInForce> {
  let remote = spool.recall('remote-policy', Policy) ?? {}
  const effective = () => narrow({ ...local, caps: capsOf(local) }, remote)
  let told = spool.recall(toldName, Policy)
  const settle = async () => {
    const policy = effective()
    if (JSON.stringify(policy) !== JSON.stringify(told)) {
      told = policy
      const record = { policy, fromHost: local, fromConsole: remote }
      // Told once its record is sealed, not before: after a sudden death in between it is sealed again.
      await own.note('agent:policy', 'policy', record, { remember: { [toldName]: policy } })
    }
    await changed(policy)
  }
  await settle()
  return {
    now: effective,
    async setRemote(policy) {
      if (JSON.stringify(policy) === JSON.stringify(remote)) return
      remote = policy
      spool.remember('remote-policy', policy)
      await settle()
    },
  }
}
