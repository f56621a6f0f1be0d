import { readIso, type Written } from '../written.ts'

/** A packet as Windows' firewall logged it. A dash, for what is not known, is left out. */
export interface Line {
  written: Written
  rawTime: string
  action: string
  protocol?: string
  source?: string
  destination?: string
  sourcePort?: string
  destinationPort?: string
  size?: string
  tcpFlags?: string
  icmpType?: string
  icmpCode?: string
  info?: string
  path?: string
  pid?: string
}

/** Far beyond the longest line of these fields. */
const mostCharacters = 1024

/**
 * One line of pfirewall.log, whose fields have stood in one order since version 1.5; later ones add the process. Its own
 * header is no part of it, so that a line can be read alone.
 * Source: learn.microsoft.com, "Interpret the Windows Firewall log".
 */
export function scan(text: string): Line | undefined {
  if (text.length > mostCharacters) return undefined
  const reading = readIso(text, 0)
  if (reading === undefined || reading.written.offset !== undefined || text[reading.end] !== ' ') return undefined
  const values = text.slice(reading.end + 1).split(' ')
  const action = values[0] ?? ''
  if (values.length < 15 || values.length > 16 || !/^[A-Z][A-Z-]{2,40}$/.test(action)) return undefined
  return { written: reading.written, rawTime: text.slice(0, reading.end), action, ...namedOf(values) }
}

const names = [
  'protocol',
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'size',
  'tcpFlags',
  undefined,
  undefined,
  undefined,
  'icmpType',
  'icmpCode',
  'info',
  'path',
  'pid',
] as const

function namedOf(values: readonly string[]): Partial<Record<NonNullable<(typeof names)[number]>, string>> {
  return Object.fromEntries(
    names.flatMap((name, i) => {
      const value = values[i + 1]
      return name === undefined || value === undefined || value === '-' || value === '' ? [] : [[name, value]]
    }),
  )
}
