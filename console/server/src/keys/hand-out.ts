import type { RecoveryKit } from '@tidewaiter/protocol/api'
import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { recordAlone } from '../people/audit.ts'

type HandOutDeps = Pick<Deps, 'store' | 'keys'>

interface Doing {
  who: string
  at: string
}

/**
 * Gives the recovery key out, once. The line in the audit log comes first: once the key is taken there is no other copy,
 * and nothing that fails may stand between it and whoever asked. Throws `not-found` when it was given out before.
 */
export async function handOutRecovery({ store, keys }: HandOutDeps, by: Doing): Promise<RecoveryKit> {
  if (keys.recovery.waits()) await recordAlone(store, { ...by, act: 'keys.recovery', data: {} })
  return take(keys)
}

/** Makes a new recovery key and gives it out: the way on for whoever lost the one before, or never got it. */
export async function renewRecovery({ store, keys }: HandOutDeps, by: Doing): Promise<RecoveryKit> {
  await recordAlone(store, { ...by, act: 'keys.renew-recovery', data: {} })
  await keys.renewRecovery()
  return take(keys)
}

function take(keys: HandOutDeps['keys']): RecoveryKit {
  const recoveryKey = keys.takeRecoveryKey()
  if (recoveryKey === undefined)
    throw refuse('not-found', 'The recovery key was given out before, and no other copy of it exists here.')
  return { recoveryKey, recoveryFile: Buffer.from(keys.recovery.file()).toString('base64') }
}
