import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { EventPage, EventQuery, Histogram, RecordDetail, RecordLine } from '@tidewaiter/protocol/api'
import { ask, part, queryOf } from './client.ts'

const pageRows = 200

/** Events page by page, newest or oldest first; every further page keeps the cursor of the first. */
export const eventsQuery = (query: EventQuery) =>
  infiniteQueryOptions({
    queryKey: ['events', query],
    queryFn: ({ signal, pageParam }) =>
      ask<EventPage>(`/events${queryOf({ limit: pageRows, ...query, ...(pageParam && { after: pageParam }) })}`, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    // A search is read, not watched: rows do not change under the reader.
    refetchOnWindowFocus: false,
  })

export const histogramQuery = (query: EventQuery) =>
  queryOptions({
    queryKey: ['histogram', query],
    queryFn: ({ signal }) => ask<Histogram>(`/events/histogram${queryOf(query)}`, { signal }),
    refetchOnWindowFocus: false,
  })

const pathOf = (record: string) => `/records/${record.split('/').map(part).join('/')}`

/**
 * A record that a person opens, which is written down: never for a list. `id` is `<host>/<seq>/<index>`. What was sealed
 * does not change.
 */
export const recordQuery = (id: string) =>
  queryOptions({
    queryKey: ['record', id],
    queryFn: ({ signal }) => ask<RecordDetail>(pathOf(id), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** A record as lists show it: its beginning, without private numbers. */
export const recordLineQuery = (id: string) =>
  queryOptions({
    queryKey: ['record-line', id],
    queryFn: ({ signal }) => ask<RecordLine>(`${pathOf(id)}/line`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
