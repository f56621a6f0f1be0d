import { type FakeHost, newFakeHost } from '../host.fixture.ts'
import type { FileFacts } from '../host.ts'

/** A file by its content, or with what is kept of it. */
type Made =
  | string
  | { text?: string; link?: string; mode?: number; uid?: number; gid?: number; kind?: FileFacts['kind'] }

const modifiedNs = BigInt(Date.parse('2026-11-01T08:00:00Z')) * 1_000_000n + 123_456_789n

/** A machine with these files; folders follow from the paths. Each was modified on 1 November 2026. */
export function newSystemHost(files: Readonly<Record<string, Made>>): FakeHost {
  const madeAt = (path: string) => {
    const file = files[path]
    return typeof file === 'string' ? { text: file } : file
  }
  const isFolder = (path: string) => Object.keys(files).some((each) => each.startsWith(`${path === '/' ? '' : path}/`))
  const real = (path: string): string => {
    const link = madeAt(path)?.link
    return link === undefined ? path : real(link)
  }
  const bytesAt = (path: string) => {
    const text = madeAt(path)?.text
    return text === undefined ? undefined : Buffer.from(text)
  }
  const namesIn = (folder: string) => [
    ...new Set(
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder === '/' ? '' : folder}/`))
        .map((path) => path.slice(folder === '/' ? 1 : folder.length + 1).split('/')[0] ?? ''),
    ),
  ]
  return {
    ...newFakeHost(),
    async facts(path) {
      const made = madeAt(path)
      if (made === undefined && !isFolder(path)) return undefined
      const kind = made?.kind ?? (made === undefined ? 'folder' : made.link === undefined ? 'file' : 'link')
      const { mode = kind === 'folder' ? 0o755 : 0o644, uid = 0, gid = 0 } = made ?? {}
      return { kind, mode, uid, gid, size: made?.text?.length ?? 0, modifiedNs, changedNs: modifiedNs + 1n }
    },
    async open(path) {
      const bytes = bytesAt(path)
      if (bytes === undefined) return 'missing'
      return {
        stat: async () => ({ dev: '1', ino: '1', size: bytes.length, modifiedNs, links: 1 }),
        read: async (into, at) => bytes.copy(into, 0, at),
        onChange: () => () => {},
        realPath: () => real(path),
        close: async () => {},
      }
    },
    list: async (folder) => namesIn(real(folder)),
    names: async (folder) => namesIn(real(folder)),
    read: async (path) => bytesAt(path) ?? 'missing',
    readNow: bytesAt,
    textNow: (path) => madeAt(path)?.text,
    listNow: namesIn,
    linkNow: (path) => madeAt(path)?.link,
    hashFile: async (path) => ({ sha256: `hash of ${path}` }),
  }
}
