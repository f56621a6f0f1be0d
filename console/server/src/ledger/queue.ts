interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(cause: unknown): void
}

/** Items that are handled in groups, strictly in the order in which they came. */
export interface Queue<Item, Result> {
  add(item: Item): Promise<Result>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

export interface QueueOptions<Item, Result> {
  /** A group ends before it would have more; a single item may. */
  mostItems: number
  mostBytes: number
  bytesOf(item: Item): number
  /** Gives one result for each item, in their order. */
  handle(group: readonly Item[]): Promise<Result[]>
  /** A group has failed, and nothing waits any more: called before anybody is told. */
  failed?(): void
}

/**
 * Whatever comes while one group is handled makes up the next one. When a group fails, all that waits behind it fails
 * with it: its place may depend on what failed.
 */
export function openQueue<Item, Result>(options: QueueOptions<Item, Result>): Queue<Item, Result> {
  const waiting: Waiting<Item, Result>[] = []
  let running: Promise<void> | undefined

  const nextGroup = () => {
    let count = 0
    for (let bytes = 0; count < Math.min(waiting.length, options.mostItems); count++) {
      bytes += options.bytesOf((waiting[count] as Waiting<Item, Result>).item)
      if (count > 0 && bytes > options.mostBytes) break
    }
    return waiting.splice(0, count)
  }
  const run = async () => {
    while (waiting.length > 0) {
      const group = nextGroup()
      try {
        const results = await options.handle(group.map(({ item }) => item))
        for (const [i, { resolve }] of group.entries()) resolve(results[i] as Result)
      } catch (cause) {
        const gone = [...group, ...waiting.splice(0)]
        options.failed?.()
        for (const { reject } of gone) reject(cause)
      }
    }
    running = undefined
  }
  return {
    add(item) {
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      waiting.push({ item, resolve, reject })
      // Those that are added in the same turn of the event loop share the first group.
      running ??= Promise.resolve().then(run)
      return promise
    },
    idle: () => running ?? Promise.resolve(),
  }
}
