import type { Flow } from './flow.ts'

/** Flows in the order of their latest packet. */
export interface Queue {
  oldest: Flow | undefined
  newest: Flow | undefined
}

export function newQueue(): Queue {
  return { oldest: undefined, newest: undefined }
}

export function append(queue: Queue, flow: Flow): void {
  flow.older = queue.newest
  flow.newer = undefined
  if (queue.newest === undefined) queue.oldest = flow
  else queue.newest.newer = flow
  queue.newest = flow
}

export function remove(queue: Queue, flow: Flow): void {
  if (flow.older === undefined) queue.oldest = flow.newer
  else flow.older.newer = flow.newer
  if (flow.newer === undefined) queue.newest = flow.older
  else flow.newer.older = flow.older
}
