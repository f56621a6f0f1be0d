import type { DatabaseSync } from 'node:sqlite'

/** Sums over events that screens ask for all the time: kept, so that nobody has to count. */
export interface Counters {
  add(host: number, about: { dataset: string; at: number }): void
  /** Writes what was added into the transaction. @param day of all that was added */
  save(day: string): void
  forget(): void
}

const hourMs = 3_600_000

interface OfHost {
  datasets: Map<string, { count: number; lastAt: number }>
  hours: Map<number, number>
}

export function openCounters(db: DatabaseSync): Counters {
  const addDataset = db.prepare(
    `insert into dataset (host, dataset, count, last_at) values (?, ?, ?, ?) on conflict (host, dataset)
     do update set count = count + excluded.count, last_at = max(last_at, excluded.last_at)`,
  )
  const addHour = db.prepare(
    `insert into hour (host, hour, day, count) values (?, ?, ?, ?)
     on conflict (host, hour, day) do update set count = count + excluded.count`,
  )
  const hosts = new Map<number, OfHost>()
  return {
    add(host, { dataset, at }) {
      const own = hosts.get(host) ?? { datasets: new Map(), hours: new Map() }
      if (own.hours.size === 0) hosts.set(host, own)
      const sum = own.datasets.get(dataset)
      if (sum === undefined) own.datasets.set(dataset, { count: 1, lastAt: at })
      else {
        sum.count += 1
        if (at > sum.lastAt) sum.lastAt = at
      }
      const hour = Math.floor(at / hourMs)
      own.hours.set(hour, (own.hours.get(hour) ?? 0) + 1)
    },
    save(day) {
      for (const [host, { datasets, hours }] of hosts) {
        for (const [dataset, { count, lastAt }] of datasets) addDataset.run(host, dataset, count, lastAt)
        for (const [hour, count] of hours) addHour.run(host, hour, day, count)
      }
      hosts.clear()
    },
    forget: () => hosts.clear(),
  }
}
