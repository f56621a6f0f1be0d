/** Somebody who has frames waiting. */
export interface Member {
  /** Does one piece of work. True when more is waiting that can be done now. */
  takeTurn(): boolean
}

/** One after the other, whoever has work: no host gets more than its share of the time, and the event loop its pauses. */
export interface Turns {
  join(member: Member): void
}

/** So long frames are worked on before everything else has its turn. */
const sliceMs = 8

export function openTurns(steady: () => number = () => performance.now()): Turns {
  // A set keeps the order of joining, and whoever has more work goes to its end.
  const line = new Set<Member>()
  let isRunning = false
  const run = () => {
    const endMs = steady() + sliceMs
    for (const member of line) {
      line.delete(member)
      if (member.takeTurn()) line.add(member)
      if (steady() >= endMs) break
    }
    isRunning = line.size > 0
    if (isRunning) setImmediate(run)
  }
  return {
    join(member) {
      line.add(member)
      if (isRunning) return
      isRunning = true
      setImmediate(run)
    },
  }
}
