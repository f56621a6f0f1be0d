import type { BrokerSettings } from '@tidewaiter/protocol/api'
import { zoneOf } from '../decode/zone.ts'
import { refuse } from '../error.ts'
import { brokerOf, setSettings, settingOf } from '../store/settings.ts'
import type { Store, Transaction } from '../store/store.ts'
import { record } from './audit.ts'

/** Whose console this is: what stands in letters and packages, and the zone in which business days are counted. */
export async function readBroker(store: Store): Promise<BrokerSettings> {
  return { ...(await brokerOf(store)), zone: (await settingOf(store, 'zone')) ?? 'UTC' }
}

/** Part of a transaction. What stood before is in the audit log. Throws `input-malformed` for a zone nobody knows. */
export async function setBroker(
  tx: Transaction,
  { name, filerCode, zone }: BrokerSettings,
  by: { who: string; at: string },
): Promise<void> {
  if (name.trim() === '') throw refuse('input-malformed', 'Give the name of the broker.')
  if (zoneOf(zone) === undefined)
    throw refuse('input-malformed', `"${zone}" is no time zone. Use a name such as America/New_York, or UTC.`)
  const before = await readBroker(tx)
  const after = { name: name.trim(), filerCode, zone }
  await setSettings(tx, { broker: JSON.stringify({ name: after.name, filerCode }), zone })
  await record(tx, { ...by, act: 'broker.set', data: { ...after, before } })
}
