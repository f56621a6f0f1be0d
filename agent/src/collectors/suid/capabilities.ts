import type { Host } from '../../host.ts'

/** A command line holds 2 MiB (execve(2)); the answer names only files that have some. */
const most = { paths: 500, characters: 64 * 1024, answerBytes: 1024 * 1024 }

type Said = [path: string, capabilities: string][]

export interface CapabilityReader {
  /** Puts a file to those that are asked about together; gives what was learned now. */
  ask(path: string): Promise<Said>
  /** What is learned of those not asked about yet. */
  rest(): Promise<Said>
  /** Files that could not be asked about, and why. */
  unread(): { files: number; why: string } | undefined
}

/** Asks getcap(8), many files at a time: extended attributes are out of reach of Node. */
export function newCapabilityReader(host: Host, signal: AbortSignal): CapabilityReader {
  let [paths, characters]: [string[], number] = [[], 0]
  let unread: { files: number; why: string } | undefined
  const rest = async () => {
    const asked = paths
    paths = []
    characters = 0
    if (asked.length === 0) return []
    const answer = host.has('getcap')
      ? await host.ask('getcap', asked, { limit: most.answerBytes, signal })
      : { why: 'getcap is not installed' }
    if ('why' in answer) {
      unread = { files: (unread?.files ?? 0) + asked.length, why: answer.why.slice(0, 200) }
      return []
    }
    const known = new Set(asked)
    return parseCapabilities(answer.toString()).filter(([path]) => known.has(path))
  }
  return {
    async ask(path) {
      paths.push(path)
      characters += path.length
      return paths.length >= most.paths || characters >= most.characters ? rest() : []
    },
    rest,
    unread: () => unread,
  }
}

/** `/usr/bin/ping cap_net_raw=ep`; before libcap 2.41 an equals sign stands between, and all of them are `=ep`. */
export function parseCapabilities(answer: string): Said {
  return answer.split('\n').flatMap((line): Said => {
    const at = line.lastIndexOf(' ')
    const capabilities = line.slice(at + 1)
    if (at <= 0 || !/^(?:cap_|=)[\w,=+-]*$/.test(capabilities)) return []
    const path = line.slice(0, at)
    return [[path.endsWith(' =') ? path.slice(0, -2) : path, capabilities]]
  })
}
