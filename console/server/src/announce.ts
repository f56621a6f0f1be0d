import type { Deps } from './deps.ts'

/** Tells the screens what came in from hosts and what was read out of it. Returns how to stop. */
export function announce({ ledger, index, live }: Pick<Deps, 'ledger' | 'index' | 'live'>): () => void {
  const stopLedger = ledger.onAppend(({ host }) => {
    live.changed('hosts')
    live.changed(`host:${host}`)
    live.changed('overview')
  })
  const stopIndex = index.onIndexed(({ hosts, rows, sightings }) => {
    for (const host of hosts) {
      live.changed(`host:${host}`)
      const own = rows.filter((row) => row.host.id === host)
      if (own.length > 0) live.events(host, own)
    }
    if (sightings > 0) live.changed('indicators')
    live.changed('overview')
  })
  return () => {
    stopLedger()
    stopIndex()
  }
}
