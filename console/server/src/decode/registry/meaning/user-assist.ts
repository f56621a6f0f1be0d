import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import type { Fact, Meaning } from './meaning.ts'

/** Folders that names begin with (Microsoft Learn, KNOWNFOLDERID), by variables as the drive is not known here. */
const folders: ReadonlyMap<string, string> = new Map([
  ['{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}', '%SystemRoot%\\System32'],
  ['{D65231B0-B2F1-4857-A4CE-A8E7C6EA7D27}', '%SystemRoot%\\SysWOW64'],
  ['{F38BF404-1D43-42F2-9305-67DE0B28FC23}', '%SystemRoot%'],
  ['{6D809377-6AF0-444B-8957-A3773F02200E}', '%ProgramW6432%'],
  ['{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}', '%ProgramFiles(x86)%'],
  ['{905E63B6-C1BF-494E-B29C-65B732D3D21A}', '%ProgramFiles%'],
  ['{0139D44E-6AFE-49F2-8690-3DAFCAE6FFB8}', '%ProgramData%\\Microsoft\\Windows\\Start Menu\\Programs'],
  ['{A77F5D77-2E2B-44C3-A6A2-ABA601054A51}', '%AppData%\\Microsoft\\Windows\\Start Menu\\Programs'],
  ['{9E3995AB-1F9C-4F13-B827-48B24B6C7174}', '%AppData%\\Microsoft\\Internet Explorer\\Quick Launch\\User Pinned'],
])

/** What a user started from the desktop, how often, and when last (Stevens, "UserAssist"; ForensicArtifacts). */
export const userAssist: readonly Meaning[] = [
  {
    paths: ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\UserAssist\\*\\Count'],
    read: (key) => key.values.flatMap((value) => countOf(key, value)),
  },
]

interface Count {
  runs: number
  focusMs?: number
  lastRun: string | undefined
}

function countOf(key: Key, value: Value): Fact[] {
  const count = readFields(key.bytesOf(value), (data) => (data.bytes.length >= 68 ? sinceSeven(data) : upToVista(data)))
  const name = unrotated(value.name)
  // Names of its own counters.
  if (count === undefined || name.startsWith('UEME_CTL')) return []
  const path = pathOf(name.replace(/^UEME_RUN[A-Z]+:/, ''))
  // Programs that were only brought to the front are counted too.
  const isStarted = count.lastRun !== undefined
  return [
    {
      of: 'entry',
      action: isStarted ? 'program-started' : 'program-used',
      says: `${path} was ${isStarted ? 'started' : 'used'} from the desktop (×${count.runs})`,
      category: ['process'],
      type: [isStarted ? 'start' : 'info'],
      value: value.name,
      data: [name],
      ...(count.lastRun !== undefined && { at: { time: count.lastRun, is: 'last started' } }),
      fields: path.includes('\\') ? { file: { path } } : {},
      more: { program: name, runs: count.runs, ...(count.focusMs !== undefined && { focus_ms: count.focusMs }) },
    },
  ]
}

function sinceSeven(data: { u32(at: number): number; instant(at: number): string | undefined }): Count {
  return { runs: data.u32(4), focusMs: data.u32(12), lastRun: data.instant(60) }
}

/** Counted from five. */
function upToVista(data: { u32(at: number): number; instant(at: number): string | undefined }): Count {
  return { runs: Math.max(0, data.u32(4) - 5), lastRun: data.instant(8) }
}

function pathOf(name: string): string {
  const folder = folders.get(name.slice(0, 38).toUpperCase())
  return folder === undefined ? name : folder + name.slice(38)
}

/** Letters are moved by thirteen, so that nobody reads them by chance. */
function unrotated(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0)
    return String.fromCharCode((code & 31) > 13 ? code - 13 : code + 13)
  })
}
