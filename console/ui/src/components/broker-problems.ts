import type { BrokerSettings } from '@tidewaiter/protocol/api'

/** Ids of the fields that say whose console it is. */
export type BrokerField = 'brokerName' | 'filerCode' | 'zone'

/** What has to be fixed; each line says how. */
export function brokerProblems({ name, filerCode }: Pick<BrokerSettings, 'name' | 'filerCode'>): {
  id: BrokerField
  text: string
}[] {
  const problems: { id: BrokerField; text: string }[] = []
  if (name.trim() === '') problems.push({ id: 'brokerName', text: 'Enter the name of the broker' })
  if (!/^([A-Z0-9]{3})?$/.test(filerCode))
    problems.push({ id: 'filerCode', text: 'Enter the filer code as three letters or digits, for example ZZZ' })
  return problems
}
