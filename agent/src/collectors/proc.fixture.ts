import { type FakeHost, newFakeHost } from '../host.fixture.ts'
import type { Collector, From, Records, Taken } from './collector.ts'
import { parseOwner } from './process/status.ts'

/** A machine with these files and links in /proc, and nothing else. Folders follow from the paths. */
export function newProcHost(files: Record<string, string | Buffer>, links: Record<string, string> = {}): FakeHost {
  const paths = () => [...Object.keys(files), ...Object.keys(links)]
  const bytesAt = (path: string) => {
    const file = files[path]
    return file === undefined ? undefined : Buffer.from(file)
  }
  return {
    ...newFakeHost(),
    readNow: bytesAt,
    textNow: (path) => bytesAt(path)?.toString(),
    ownerNow(path) {
      const owner = parseOwner(bytesAt(`${path}/status`)?.toString() ?? '')
      return owner && { uid: owner.euid, gid: owner.gid }
    },
    read: async (path) => bytesAt(path) ?? 'missing',
    readHanging: async (path) => bytesAt(path),
    linkNow: (path) => links[path],
    listNow: (folder) => [
      ...new Set(
        paths()
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
      ),
    ],
  }
}

/** Passes one after the other, as the scheduler asks for them: the first one in full. */
export function newPasses(collector: Collector, host: FakeHost) {
  let number = 0
  const before: From['before'] = new Map()
  return async (): Promise<Records[]> => {
    number += 1
    const isFull = number === 1
    const from: From = { position: () => ({ number }), files: [], takeFull: () => isFull, before }
    const taken: Taken[] = await Array.fromAsync(collector.collect(host, new AbortController().signal, from))
    return taken.filter((each) => 'chunks' in each)
  }
}

/** Rows of a pass by what they are. */
export function rowsOf(records: readonly Records[]) {
  return records.flatMap(({ chunks }) =>
    chunks.flatMap(({ head, bytes }) =>
      Buffer.from(bytes)
        .toString()
        .split('\n')
        .slice(0, -1)
        .map((line) => ({ method: head.method, holds: head.pass?.holds, row: JSON.parse(line) })),
    ),
  )
}
