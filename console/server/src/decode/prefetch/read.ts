import { type Damage, Damaged, readOr } from '../damaged.ts'
import type { Structure } from '../structure.ts'

/** What Windows remembers of a program that it started, to start it faster the next time. */
export interface Prefetch {
  version: number
  /** Of the program's path (and, for some hosts of others, of its command line), as it stands in the file's name. */
  hash: string
  /** At most 29 characters of the program's name, in capitals. */
  name: string
  runCount: number
  /** Newest first, RFC 3339; one up to version 23, eight since. */
  runs: readonly string[]
  volumes: readonly Volume[]
  /** Paths of the files it opened in its first ten seconds, on their volume. */
  files: readonly string[]
  /** Parts that cannot be read. */
  damages: readonly Damage[]
}

export interface Volume {
  path: string
  serial: string
  createdAt: string | undefined
}

/** Places of the version's own fields (libyal, "Windows Prefetch File (PF) format", File information). */
interface Layout {
  /** Where the head ends and the first section begins: what begins elsewhere is no prefetch file, or not as it was. */
  headBytes: readonly number[]
  runs: number
  runsAt: number
  runCountAt: number
  volumeBytes: number
}

const layouts: Readonly<Record<number, Layout>> = {
  17: { headBytes: [152], runs: 1, runsAt: 120, runCountAt: 144, volumeBytes: 40 },
  23: { headBytes: [240], runs: 1, runsAt: 128, runCountAt: 152, volumeBytes: 104 },
  26: { headBytes: [304], runs: 8, runsAt: 128, runCountAt: 208, volumeBytes: 104 },
  30: { headBytes: [304, 296], runs: 8, runsAt: 128, runCountAt: 208, volumeBytes: 96 },
  31: { headBytes: [304, 296], runs: 8, runsAt: 128, runCountAt: 208, volumeBytes: 96 },
}

const head = { version: 0, fileBytes: 12, name: 16, nameUnits: 30, hash: 76, metrics: 84, names: 100, namesBytes: 104 }
const volumeHead = { from: 108, count: 112 }
/** Where the head of versions 30 and 31 is this short, the run count stands eight bytes earlier. */
const shortHead = 296

/** Far more than Windows keeps: it stops at some hundred files and a few volumes. */
const mostFiles = 4096
const mostVolumes = 64
/** The longest path that Windows knows. */
const mostUnits = 32_767

/** Throws `Damaged` where the head cannot be read; what is wrong behind it is named in `damages`. */
export function readPrefetch(scca: Structure): Prefetch {
  const version = scca.u32(head.version)
  const layout = layouts[version]
  if (layout === undefined) throw new Damaged('version-unknown', `Version ${version} of its format is not known.`)
  const headBytes = scca.u32(head.metrics)
  if (!layout.headBytes.includes(headBytes))
    throw new Damaged(
      'format-unknown',
      `What follows its head begins at byte ${headBytes}, which no file of version ${version} does.`,
    )
  const damages = missingOf(scca)
  const part = <T>(read: () => T[]): T[] =>
    readOr(read, (damage) => {
      damages.push(damage)
      return []
    })
  return {
    version,
    hash: scca.u32(head.hash).toString(16).toUpperCase().padStart(8, '0'),
    name: scca.wide(head.name, head.nameUnits),
    runCount: scca.u32(layout.runCountAt - (headBytes === shortHead ? 8 : 0)),
    runs: runsOf(scca, layout),
    volumes: part(() => volumesOf(scca, layout)),
    files: part(() => filesOf(scca)),
    damages,
  }
}

/** Its end, where the file is shorter than it says. */
function missingOf(scca: Structure): Damage[] {
  const bytes = scca.u32(head.fileBytes)
  if (bytes <= scca.bytes.length) return []
  return [{ code: 'ends-early', says: `The file says that it has ${bytes} bytes, and ${scca.bytes.length} are here.` }]
}

function runsOf(scca: Structure, { runs, runsAt }: Layout): string[] {
  return Array.from({ length: runs }, (_, i) => scca.instant(runsAt + i * 8)).filter((at) => at !== undefined)
}

function volumesOf(scca: Structure, { volumeBytes }: Layout): Volume[] {
  const from = scca.u32(volumeHead.from)
  const count = scca.u32(volumeHead.count)
  if (count > mostVolumes) throw new Damaged('too-many', `It says that it names ${count} volumes.`)
  return Array.from({ length: count }, (_, i) => {
    const at = from + i * volumeBytes
    const units = scca.u32(at + 4)
    if (units > mostUnits) throw tooLong
    return {
      path: scca.wide(from + scca.u32(at), units),
      serial: scca
        .u32(at + 16)
        .toString(16)
        .padStart(8, '0'),
      createdAt: scca.instant(at + 8),
    }
  })
}

const tooLong = new Damaged('too-large', 'A path is longer than any of Windows.')

/** Texts one after the other, each with a NUL. */
function filesOf(scca: Structure): string[] {
  const names = scca.part(scca.u32(head.names), scca.u32(head.namesBytes))
  const files: string[] = []
  for (let at = 0; at < names.bytes.length; ) {
    const file = names.wideToNul(at)
    at += file.length * 2 + 2
    if (file === '') continue
    if (file.length > mostUnits) throw tooLong
    if (files.length === mostFiles) throw new Damaged('too-many', `It names more than ${mostFiles} files.`)
    files.push(file)
  }
  return files
}
