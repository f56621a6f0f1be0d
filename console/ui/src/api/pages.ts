import { ask, queryOf } from './client.ts'

interface AnyPage {
  rows: unknown[]
  next?: string
  total: number
  totalExact: boolean
}

/** Rows beyond this are not fetched in one go; the list says that there are more. */
const mostRows = 2_000

/** A list that people filter at sight, whole as far as it is short enough. `next` stays set when there is more. */
export async function everyPage<P extends AnyPage>(
  path: string,
  query: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<P> {
  let page = await ask<P>(`${path}${queryOf({ ...query, limit: 500 })}`, { signal })
  while (page.next !== undefined && page.rows.length < mostRows) {
    const more = await ask<P>(`${path}${queryOf({ ...query, limit: 500, after: page.next })}`, { signal })
    page = { ...more, rows: [...page.rows, ...more.rows] }
  }
  return page
}
