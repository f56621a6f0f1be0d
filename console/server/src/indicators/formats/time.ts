const rfc3339 = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|UTC|[+-]\d{2}:\d{2})?)?$/i

/** Milliseconds precision in UTC, from a date or an RFC 3339 time; without a zone UTC is meant. Undefined for anything else. */
export function toTime(text: string): string | undefined {
  const [, date, time = '00:00', zone = 'Z'] = rfc3339.exec(text.trim()) ?? []
  if (date === undefined) return undefined
  const ms = Date.parse(`${date}T${time}${/^(?:utc|z)$/i.test(zone) ? 'Z' : zone}`)
  // `Date` takes February 30 for March 1 or 2.
  return Number.isNaN(ms) || !isRealDate(date) ? undefined : new Date(ms).toISOString()
}

function isRealDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}
