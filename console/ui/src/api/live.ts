import type { EventRow } from '@tidewaiter/protocol/api'
import { useEffect, useRef } from 'react'
import { consoleNow } from '../ui/now.ts'
import { createStore, useStore } from '../ui/store.ts'
import { isStatus } from './client.ts'
import { createLive, type LiveState, type Socket } from './live-socket.ts'
import { keysOfTopic } from './live-topics.ts'
import { meQuery } from './people.ts'
import { queryClient } from './query-client.ts'
import { createRenewal } from './renewal.ts'

const status = createStore<LiveState>({ state: 'connecting' })
const listeners = new Map<string, Set<(rows: EventRow[], more: number) => void>>()

function socketUrl(): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws/console`
}

async function reachable(): Promise<boolean> {
  try {
    await queryClient.fetchQuery({ ...meQuery, staleTime: 0 })
    return true
  } catch (error) {
    return !isStatus(error, 0)
  }
}

const renew = createRenewal({
  after: (ms, act) => void setTimeout(act, ms),
  isAsking: (key) => queryClient.isFetching({ queryKey: [...key] }) > 0,
  renew: (key) => void queryClient.invalidateQueries({ queryKey: [...key] }),
})

export const live = createLive({
  // A browser's WebSocket has more than we use; what we use is `Socket`.
  open: () => new WebSocket(socketUrl()) as Socket,
  now: consoleNow,
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
  reachable,
  onState: (state) => status.set(state),
  onChanged(topic) {
    for (const key of keysOfTopic(topic)) renew(key)
  },
  onRows(topic, rows, more) {
    for (const listener of listeners.get(topic) ?? []) listener(rows, more)
  },
  onStale: () => void queryClient.invalidateQueries(),
})

export function useLiveState(): LiveState {
  return useStore(status)
}

/** Why acts that need the console cannot be done now; undefined when they can. */
export function useBlocked(): string | undefined {
  return useLiveState().state === 'offline' ? 'the console does not answer' : undefined
}

/** Keeps the answers under these topics fresh while the component is on the page. */
export function useTopics(...topics: string[]): void {
  const names = topics.join('\n')
  useEffect(() => {
    const stops = names.split('\n').map((topic) => live.watch(topic))
    return () => {
      for (const stop of stops) stop()
    }
  }, [names])
}

/** New events of a host as they arrive; `more` were left out by the server. */
export function useLiveEvents(host: string, take: (rows: EventRow[], more: number) => void): void {
  const latest = useRef(take)
  useEffect(() => {
    latest.current = take
  })
  useEffect(() => {
    const topic = `events:${host}`
    const listener = (rows: EventRow[], more: number) => latest.current(rows, more)
    const all = listeners.get(topic) ?? new Set()
    listeners.set(topic, all.add(listener))
    const stop = live.watch(topic)
    return () => {
      all.delete(listener)
      stop()
    }
  }, [host])
}
