import type { Store } from './store.ts'

/** Settings of the whole console, by name. */
export interface Settings {
  /** JSON {name, filerCode}. */
  broker: string
  /** IANA zone of the office. */
  zone: string
  /** JSON: addresses agents reach the console at, as last served. */
  agentUrls: string
}

export async function settingOf<Name extends keyof Settings>(store: Store, name: Name): Promise<string | undefined> {
  return (await store.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst())?.value
}

export async function setSettings(store: Store, settings: Partial<Settings>): Promise<void> {
  const rows = Object.entries(settings).map(([name, value]) => ({ name, value }))
  await store
    .insertInto('setting')
    .values(rows)
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
    .execute()
}

export interface Broker {
  name: string
  filerCode: string
}

export async function brokerOf(store: Store): Promise<Broker> {
  const text = await settingOf(store, 'broker')
  // Written by `setUp` from a checked body.
  return text === undefined ? { name: '', filerCode: '' } : (JSON.parse(text) as Broker)
}
