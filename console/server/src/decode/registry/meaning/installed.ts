import type { Key } from '../key.ts'
import { type Fact, type Meaning, software } from './meaning.ts'

/** What is listed for removal: installed programs. */
export const installed: readonly Meaning[] = [
  { paths: software('Microsoft\\Windows\\CurrentVersion\\Uninstall\\*'), read: packageOf },
]

function packageOf(key: Key): Fact[] {
  const name = key.text('DisplayName')
  if (name === undefined) return []
  const version = key.text('DisplayVersion')
  const path = key.text('InstallLocation')
  return [
    {
      of: 'key',
      action: 'package-listed',
      says: `${name}${version === undefined ? '' : ` ${version}`} is installed`,
      fields: { package: { name, version, path } },
      more: {
        publisher: key.text('Publisher'),
        // A local day, as the installer wrote it.
        installed: key.text('InstallDate'),
        source: key.text('InstallSource'),
        uninstall: key.text('UninstallString'),
      },
    },
  ]
}
