import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { type Said, systemDecoder, timeIn } from '../system-row.ts'
import { instant } from '../time.ts'
import { macosSoftware } from './macos.ts'
import { windowsSoftware } from './windows.ts'

/** Rows of the agent's snapshots of installed packages. */
export const software: Decoder = systemDecoder({
  id: 'software',
  title: 'Installed packages of a host, and updates that wait',
  kinds: {
    ...windowsSoftware,
    ...macosSoftware,
    package: { category: 'package', say: sayPackage },
    update: { category: 'package', say: sayUpdate },
    'package-lists': { category: 'package', say: sayLists },
  },
})

const types: Readonly<Record<string, string>> = { dpkg: 'deb', rpm: 'rpm', apk: 'apk' }

function sayPackage(row: Row): Said | undefined {
  const [name, version, manager = ''] = [textIn(row, 'name'), textIn(row, 'version'), textIn(row, 'manager')]
  if (name === undefined) return undefined
  const seconds = countIn(row, 'installed')
  return {
    message: version === undefined ? name : `${name} ${version}`,
    fields: {
      package: defined({
        name,
        version,
        type: types[manager],
        architecture: textIn(row, 'architecture'),
        installed: timeIn(row, 'installed') ?? (seconds === undefined ? undefined : instant(seconds, '')),
      }),
    },
    more:
      defined({
        status: textIn(row, 'status'),
        source_package: textIn(row, 'source'),
        vendor: textIn(row, 'vendor'),
      }) ?? {},
  }
}

function sayUpdate(row: Row): Said | undefined {
  const [name, candidate] = [textIn(row, 'name'), textIn(row, 'candidate')]
  if (name === undefined) return undefined
  const version = textIn(row, 'installed')
  const type = textIn(row, 'manager') === 'softwareupdate' ? undefined : 'deb'
  return {
    message: `${name} waits for ${candidate ?? 'an update'}`,
    fields: { package: defined({ name, version, type, architecture: textIn(row, 'architecture') }) },
    more: defined({ candidate, origin: textIn(row, 'origin') }) ?? {},
  }
}

function sayLists(row: Row): Said | undefined {
  const [newest, lists] = [timeIn(row, 'newest'), countIn(row, 'lists')]
  if (lists === undefined && textIn(row, 'manager') === undefined) return undefined
  return {
    message: newest === undefined ? 'no package lists: no update is known' : `package lists of ${newest.slice(0, 10)}`,
    more: defined({ lists, lists_made: newest }) ?? {},
  }
}
