import { queryOptions } from '@tanstack/react-query'
import type { KeyCard, RecoveryKit } from '@tidewaiter/protocol/api'
import { ask } from './client.ts'

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => ask<{ rows: KeyCard[] }>('/keys', { signal }),
})

/** Every private key as an age file under the passphrase, base64. */
export async function exportKeys(passphrase: string): Promise<string> {
  return (await ask<{ sealed: string }>('/keys/export', { method: 'POST', body: { passphrase } })).sealed
}

/** The recovery key, which the console gives out once, with the file that it opens. */
export function takeRecoveryKey(): Promise<RecoveryKit> {
  return ask('/keys/recovery', { method: 'POST' })
}

/** A new recovery key in the place of the one before. */
export function renewRecoveryKey(): Promise<RecoveryKit> {
  return ask('/keys/recovery/renew', { method: 'POST' })
}

/** `recovery.age` as it is now, base64. */
export async function recoveryFile(): Promise<string> {
  return (await ask<Pick<RecoveryKit, 'recoveryFile'>>('/keys/recovery/file', { method: 'POST' })).recoveryFile
}

/** Keys a person may put a new one in the place of. */
export type Rotated = 'package' | 'ledger'

export function rotateKey(name: Rotated): Promise<KeyCard> {
  return ask('/keys/rotate', { method: 'POST', body: { name } })
}
