const overMs = 10_000

/** How many a second, over the last ten seconds. */
export function openRate(now: () => number) {
  let counted: { atMs: number; count: number }[] = []
  const forget = () => {
    counted = counted.filter(({ atMs }) => atMs > now() - overMs)
  }
  return {
    add(count: number) {
      forget()
      counted.push({ atMs: now(), count })
    },
    perSecond(): number {
      forget()
      return counted.reduce((sum, { count }) => sum + count, 0) / (overMs / 1000)
    },
  }
}
