import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import { controlSet, type Fact, type Meaning } from './meaning.ts'

/**
 * What the background and desktop activity moderators saw last of a program, for each user (Windows 10 since 1709;
 * ForensicArtifacts, "WindowsBackgroundActivityModerator"). The key is named after the SID.
 */
export const background: readonly Meaning[] = [
  {
    paths: ['bam', 'dam'].flatMap((service) => [
      controlSet(`Services\\${service}\\UserSettings\\*`),
      controlSet(`Services\\${service}\\State\\UserSettings\\*`),
    ]),
    read: (key) => key.values.flatMap((value) => programOf(key, value)),
  },
]

function programOf(key: Key, value: Value): Fact[] {
  // Two numbers of the key itself stand beside the programs.
  if (!value.name.includes('\\') && !value.name.includes('_')) return []
  const time = readFields(key.bytesOf(value), (data) => data.instant(0))
  if (time === undefined) return []
  const isPath = value.name.startsWith('\\')
  return [
    {
      of: 'entry',
      action: 'program-ran',
      says: `${value.name} was run by ${key.name}`,
      category: ['process'],
      type: ['info'],
      value: value.name,
      at: { time, is: 'last run' },
      fields: { user: { id: key.name }, ...(isPath && { file: { path: value.name } }) },
    },
  ]
}
