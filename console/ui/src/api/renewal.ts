/** Asks again for what changed, at most once in `pauseMs` and key, and never while an answer is on its way. */
export function createRenewal(parts: {
  after(ms: number, act: () => void): void
  isAsking(key: readonly string[]): boolean
  renew(key: readonly string[]): void
}): (key: readonly string[]) => void {
  const due = new Set<string>()
  const pausing = new Set<string>()

  function run(name: string, key: readonly string[]): void {
    due.delete(name)
    pausing.add(name)
    if (parts.isAsking(key)) due.add(name)
    else parts.renew(key)
    parts.after(pauseMs, () => {
      pausing.delete(name)
      if (due.has(name)) run(name, key)
    })
  }

  return (key) => {
    const name = key.join('\n')
    if (pausing.has(name)) due.add(name)
    else run(name, key)
  }
}

/** A busy console changes four times a second; a person does not read that fast. */
const pauseMs = 1000
