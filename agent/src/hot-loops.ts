import { keepHashingSmall } from '@tidewaiter/protocol/node'

let isOn = false

/** Until a backlog comes nothing is compiled. To be called before anything is sealed. */
export function compileNothing(): void {
  keepHashingSmall(true)
}

/**
 * Turns the optimising compilers on. The agent that hosts get starts without them, which saves a third of its memory at
 * rest (`packaging/runtime.ts`); a backlog is sealed twice as fast with them. Where they are on already nothing changes.
 */
export function compileHotLoops(): void {
  if (isOn) return
  isOn = true
  keepHashingSmall(false)
  // Loaded only now: an agent at rest does without it.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const flag of ['--sparkplug', '--maglev', '--opt']) setFlagsFromString(flag)
}
