import type { Key } from '../key.ts'
import type { Fact, Meaning } from './meaning.ts'

/** Elements of an object of the boot configuration, by their numbers (Microsoft Learn, "BCD Elements"). */
const [description, applicationPath] = ['12000004', '12000002']

/** What the firmware and the boot manager offer to load. */
export const boot: readonly Meaning[] = [{ paths: ['HKLM\\BCD00000000\\Objects\\*'], read: entryOf }]

function entryOf(key: Key): Fact[] {
  const elements = key.below('Elements')
  const name = elements?.below(description)?.text('Element')
  if (name === undefined) return []
  const path = elements?.below(applicationPath)?.text('Element')
  return [
    {
      of: 'key',
      action: 'boot-entry-found',
      says: `Boot entry ${name}${path === undefined ? '' : ` loads ${path}`}`,
      ...(path !== undefined && { fields: { file: { path } } }),
      more: { boot_entry: { id: key.name, name } },
    },
  ]
}
