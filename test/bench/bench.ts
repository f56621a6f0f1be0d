/** One side of a comparison, run once. */
export interface Side {
  name: string
  /** Prepares nothing that is measured; measures once. */
  run(): Promise<Measure>
}

export interface Measure {
  /** What was done, and in how long. */
  items: number
  seconds: number
  /** CPU seconds by part: `agent`, `console`, ... Parts named `later: …` work behind the promise. */
  cpu: Record<string, number>
  /** Peak resident memory by part, MiB. */
  rss: Record<string, number>
  /** What else was seen, in words; that of the last round is printed. */
  notes?: string[]
}

/** A row of the table: ours first, then the peers it is compared with. */
export interface Bench {
  name: string
  title: string
  unit: string
  /** Names of programs that are not here; the row is then left out by name. */
  missing(): string[]
  sides(): Side[]
}

export interface Result {
  bench: string
  /** One entry a side: medians over the rounds, and every round. */
  sides: { name: string; median: Measure; rounds: Measure[] }[]
}

/** All sides once a round, in turn, so that what else the machine does meets all of them. */
export async function compare(bench: Bench, rounds: number, say: (text: string) => void): Promise<Result> {
  const sides = bench.sides()
  const measures = sides.map((): Measure[] => [])
  for (let round = 1; round <= rounds; round++)
    for (const [i, side] of sides.entries()) {
      const measure = await side.run()
      measures[i]?.push(measure)
      say(
        `${bench.name}  round ${round} of ${rounds}  ${side.name}: ${Math.round(measure.items / measure.seconds)} ${bench.unit}/s`,
      )
    }
  return {
    bench: bench.name,
    sides: sides.map(({ name }, i) => ({ name, median: medianOf(measures[i] ?? []), rounds: measures[i] ?? [] })),
  }
}

function medianOf(measures: readonly Measure[]): Measure {
  const parts = (pick: 'cpu' | 'rss') =>
    Object.fromEntries(
      Object.keys(measures[0]?.[pick] ?? {}).map((part) => [part, median(measures.map((m) => m[pick][part] ?? 0))]),
    )
  return {
    items: median(measures.map(({ items }) => items)),
    seconds: median(measures.map(({ seconds }) => seconds)),
    cpu: parts('cpu'),
    rss: parts('rss'),
    ...(measures.at(-1)?.notes !== undefined && { notes: measures.at(-1)?.notes ?? [] }),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
