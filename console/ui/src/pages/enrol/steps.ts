import type { Attempt } from '@tidewaiter/protocol/api'

export const steps = [
  { id: 'reached', head: 'Console', stopped: 'at the console' },
  { id: 'token', head: 'Token', stopped: 'at the token' },
  { id: 'key', head: 'Key', stopped: 'at the key' },
  { id: 'first-batch', head: 'First batch', stopped: 'at the first batch' },
] as const satisfies readonly { id: Attempt['step']; head: string; stopped: string }[]

export type StepState = 'done' | 'stopped' | 'waits' | 'not-reached'

/**
 * How far an attempt came. The step of one that was refused is where it stopped; the step of any other is done, and the
 * next one is waited for.
 */
export function stepsOf({ step, code }: Attempt): readonly StepState[] {
  const at = steps.findIndex(({ id }) => id === step)
  return steps.map((_, i) => {
    if (i < at) return 'done'
    if (i === at) return code === null ? 'done' : 'stopped'
    return code === null && i === at + 1 ? 'waits' : 'not-reached'
  })
}

export function hasStopped({ code }: Attempt): boolean {
  return code !== null
}

export function isComplete({ step, code }: Attempt): boolean {
  return code === null && step === 'first-batch'
}
