/** Texts that are remembered by all that share a memory, and the longest one, in characters. */
const most = 20_000
const longest = 256

/** Gives functions that make the same of the same text and remember it: the same few values come again and again. */
export interface Memory {
  of<Made>(make: (text: string) => Made): (text: string) => Made
}

/** What it holds is bounded over all of its functions, whatever hosts write: when it is full it begins anew. */
export function openMemory(): Memory {
  const all: Map<string, unknown>[] = []
  let texts = 0
  const makeRoom = () => {
    texts += 1
    if (texts <= most) return
    for (const known of all) known.clear()
    texts = 1
  }
  return {
    of<Made>(make: (text: string) => Made) {
      const known = new Map<string, Made>()
      all.push(known)
      return (text) => {
        const before = known.get(text)
        if (before !== undefined) return before
        if (text.length > longest) return make(text)
        makeRoom()
        const own = copyOf(text)
        const made = make(own)
        known.set(own, made)
        return made
      }
    },
  }
}

/** A part of a string keeps the whole of it in memory (V8): here a value would keep its line, which has up to 1 MiB. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1)
}
