import { readFields, type Structure } from '../fields.ts'
import type { Key } from '../key.ts'
import { controlSet, type Fact, type Meaning } from './meaning.ts'

/** One program that the compatibility engine looked at. */
interface Entry {
  path: string
  /** When the file was last changed. This is no time of execution. */
  changedAt: string | undefined
  /** Where it is kept: whether the program was started. */
  wasRun?: boolean
}

/** More than any version keeps (1024). */
const mostEntries = 4096

/**
 * Programs that were looked at for compatibility, the last one first (Mandiant, "Leveraging the Application Compatibility
 * Cache in Forensic Investigations"; ForensicArtifacts, "WindowsAppCompatCache"). Windows writes it when it shuts down.
 */
export const shimCache: readonly Meaning[] = [
  {
    paths: [
      controlSet('Control\\Session Manager\\AppCompatCache'),
      controlSet('Control\\Session Manager\\AppCompatibility'),
    ],
    read: cacheOf,
  },
]

function cacheOf(key: Key): Fact[] {
  const value = 'AppCompatCache'
  const entries = readFields(key.bytes(value), (cache) => entriesOf(cache)) ?? []
  return entries.map(
    ({ path, changedAt, wasRun }, index): Fact => ({
      of: 'entry',
      action: 'program-seen',
      says: `${path} was looked at for compatibility${wasRun === true ? ', and run' : ''}`,
      category: ['file'],
      value,
      ...(changedAt !== undefined && { at: { time: changedAt, is: 'file last changed' } }),
      fields: { file: { path, ...(changedAt !== undefined && { mtime: changedAt }) } },
      more: { shim_cache: { place: index, ...(wasRun !== undefined && { was_run: wasRun }) } },
    }),
  )
}

function entriesOf(cache: Structure): Entry[] {
  const magic = cache.u32(0)
  if (magic === 0xdeadbeef) return xpEntries(cache)
  if (magic === 0xbadc0ffe) return listed(cache, { head: 8, sizes: [0x18, 0x20], runFlag: undefined })
  if (magic === 0xbadc0fee) return listed(cache, { head: 0x80, sizes: [0x20, 0x30], runFlag: 2 })
  if (magic === 0x80) return signed(cache, { head: 0x80, isTen: false })
  return magic >= 0x30 && magic <= 0x80 ? signed(cache, { head: magic, isTen: true }) : []
}

/** Windows XP, 32 bit: 96 places of a path of 264 characters, then when the file was changed. */
function xpEntries(cache: Structure): Entry[] {
  const [head, bytes] = [0x190, 552]
  const entries: Entry[] = []
  const count = Math.min(cache.u32(4), Math.floor((cache.bytes.length - head) / bytes))
  for (let i = 0; i < count; i++) {
    const path = cache.wide(head + i * bytes, 264)
    if (path !== '') entries.push({ path, changedAt: cache.instant(head + i * bytes + 528) })
  }
  return entries
}

interface Listed {
  head: number
  /** Bytes of an entry of a 32-bit and of a 64-bit Windows. */
  sizes: readonly [number, number]
  /** Bit that says that the program was run, in the word behind the time. */
  runFlag: number | undefined
}

/** Windows Server 2003 to 7: entries of one size, which say where their path is. */
function listed(cache: Structure, { head, sizes, runFlag }: Listed): Entry[] {
  // Of a 64-bit place the word before it is empty.
  const isWide = cache.u32(head + 4) === 0
  const size = sizes[isWide ? 1 : 0]
  const entries: Entry[] = []
  const count = Math.min(cache.u32(4), mostEntries)
  for (let i = 0, at = head; i < count && at + size <= cache.bytes.length; i++, at += size) {
    const place = cache.u32(at + (isWide ? 8 : 4))
    const units = cache.u16(at) >> 1
    const time = at + (isWide ? 16 : 8)
    const entry: Entry = { path: cache.wide(place, units), changedAt: cache.instant(time) }
    if (runFlag !== undefined) entry.wasRun = (cache.u32(time + 8) & runFlag) !== 0
    entries.push(entry)
  }
  return entries
}

/**
 * Windows 8 and later: entries one behind the other, each with a signature (`00ts` in 8, `10ts` since), four bytes, its
 * length; then length and text of the path. 8 has flags before the time, 8.1 the package before them.
 */
function signed(cache: Structure, { head, isTen }: { head: number; isTen: boolean }): Entry[] {
  const entries: Entry[] = []
  for (let at = head; entries.length < mostEntries && at + 14 <= cache.bytes.length; ) {
    const signature = cache.narrow(at, at + 4)
    if (signature !== '10ts' && signature !== '00ts') break
    const end = at + 12 + cache.u32(at + 8)
    const pathBytes = cache.u16(at + 12)
    let from = at + 14 + pathBytes
    const entry: Entry = { path: cache.wide(at + 14, pathBytes >> 1), changedAt: undefined }
    if (!isTen) {
      if (signature === '10ts') from += 2 + cache.u16(from)
      entry.wasRun = (cache.u32(from) & 2) !== 0
      from += 8
    }
    entry.changedAt = cache.instant(from)
    // Apps from the store have a name of several parts and no file.
    if (entry.path !== '') entries.push(entry)
    at = end
  }
  return entries
}
