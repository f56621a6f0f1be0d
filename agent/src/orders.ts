import { type ConsoleMessage, type Policy, Refusal, type Task } from '@tidewaiter/protocol'

/** What a console may ask of a running agent. */
export type Order = Extract<ConsoleMessage, { type: 'task' | 'policy' | 'cancel' }>

/** Orders that may wait for their turn. */
const most = 64

export interface Obeying {
  task(task: Task): Promise<void>
  policy(policy: Policy): Promise<void>
  /** At once, whatever waits. */
  cancel(task: string): void
  /** Ends the agent. */
  fatal(cause: unknown): void
}

/**
 * Obeys one task after the other, whatever becomes of the connection it came over, and policies beside them: a task may
 * take hours. What it gives throws `frame-malformed` when too many are waiting: the console asks again later.
 */
export function newOrders({ task, policy, cancel, fatal }: Obeying): (order: Order) => void {
  const tasks = newTurns(fatal)
  const policies = newTurns(fatal)
  return (order) => {
    if (order.type === 'task') tasks(() => task(order.task))
    else if (order.type === 'policy') policies(() => policy(order.policy))
    else cancel(order.task)
  }
}

function newTurns(fatal: (cause: unknown) => void): (act: () => Promise<void>) => void {
  let turn = Promise.resolve()
  let waiting = 0
  return (act) => {
    if (waiting >= most) throw new Refusal('frame-malformed', `more than ${most} tasks or policies are waiting`)
    waiting += 1
    turn = turn.then(act).catch(fatal)
    turn = turn.then(() => {
      waiting -= 1
    })
  }
}
