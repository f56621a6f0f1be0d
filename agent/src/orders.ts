import { type ConsoleMessage, Refusal } from '@tidewaiter/protocol'

/** What a console may ask of a running agent. */
export type Order = Extract<ConsoleMessage, { type: 'task' | 'policy' }>

/** Orders that may wait for their turn. */
const most = 64

export interface Orders {
  /** Puts an order at the end. Throws `frame-malformed` when too many are waiting: the console asks again later. */
  add(order: Order): void
}

/** Obeys one order after the other, whatever becomes of the connection it came over. `failed` ends the agent. */
export function newOrders(obey: (order: Order) => Promise<void>, failed: (cause: unknown) => void): Orders {
  let turn = Promise.resolve()
  let waiting = 0
  return {
    add(order) {
      if (waiting >= most) throw new Refusal('frame-malformed', `more than ${most} tasks and policies are waiting`)
      waiting += 1
      turn = turn.then(() => obey(order)).catch(failed)
      turn = turn.then(() => {
        waiting -= 1
      })
    },
  }
}
