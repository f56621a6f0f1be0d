const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** The time as it stands in records and headers. A clock beyond what four digits of a year can say stops there. */
export function toTime(ms: number): string {
  return new Date(Math.min(Math.max(ms, 0), lastMs)).toISOString()
}
