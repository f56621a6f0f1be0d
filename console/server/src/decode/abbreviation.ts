import type { EventTime } from './decoder.ts'
import type { Timeline } from './time.ts'
import type { Written } from './written.ts'

/**
 * Minutes east of UTC that the abbreviations of the IANA time zone database mean today; several
 * where zones of different offsets share one.
 */
const offsets: Readonly<Record<string, number | readonly number[]>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  EST: -300,
  EDT: -240,
  CST: [-360, -300, 480],
  CDT: [-300, -240],
  MST: -420,
  MDT: -360,
  PST: [-480, 480],
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
  HDT: -540,
  AST: -240,
  ADT: -180,
  NST: -210,
  NDT: -150,
  WET: 0,
  WEST: 60,
  CET: 60,
  CEST: 120,
  EET: 120,
  EEST: 180,
  BST: 60,
  IST: [60, 120, 330],
  MSK: [180, 240],
  SAST: 120,
  PKT: 300,
  HKT: 480,
  JST: 540,
  KST: 540,
  AWST: 480,
  ACST: 570,
  ACDT: 630,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
}

/** Minutes east of UTC of `+03`, `-0330` or `+05:30`. */
function numeric(zone: string): number | undefined {
  const said = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (said === null) return undefined
  const minutes = Number(said[2]) * 60 + Number(said[3] ?? 0)
  return minutes > 24 * 60 ? undefined : said[1] === '-' ? -minutes : minutes
}

/**
 * Places a time whose zone stands behind it as `EST` or `+03`. An abbreviation of several offsets counts where the zone
 * that was sealed beside the record has one of them; one that nobody knows leaves the time without an instant.
 */
export function placeNamed(
  place: Timeline,
  { raw, written, zone }: { raw: string; written: Written; zone: string },
): { at?: string; time?: EventTime } {
  const minutes = Object.hasOwn(offsets, zone) ? offsets[zone] : numeric(zone)
  if (minutes === undefined) return { time: { raw } }
  if (typeof minutes === 'number') return place(raw, { ...written, offset: minutes })
  const local = place(raw, written)
  const fits = minutes.some((offset) => place(raw, { ...written, offset }).at === local.at)
  return fits && local.at !== undefined ? local : { time: { raw } }
}
