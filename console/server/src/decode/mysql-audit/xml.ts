import { readOr } from '../damaged.ts'
import type { EntryLines, Part } from '../entry-lines.ts'
import type { Row } from '../row.ts'
import { readXml, type XmlElement } from '../xml.ts'
import { readRecord } from './row.ts'
import type { Audited } from './said.ts'

/**
 * Records of XML, whose parts stand in a line each: as elements (dev.mysql.com/doc/refman/8.0, "New-Style XML Audit Log
 * File Format"), or as attributes ("Old-Style XML Audit Log File Format", and Percona's `OLD`). Markup in a value is
 * written as `&lt;`, so that no value ends a record.
 */
export function xmlPartOf(text: string, open: EntryLines | undefined): Part {
  const line = text.trim()
  if (line.startsWith('<AUDIT_RECORD')) return isEnd(line) || line.endsWith('/>') ? 'only' : 'first'
  if (open === undefined) return 'only'
  const isOfAttributes = open.texts[0]?.includes('>') === false
  return isOfAttributes ? (line.endsWith('/>') ? 'last' : 'next') : isEnd(line) ? 'last' : 'next'
}

function isEnd(line: string): boolean {
  return line.endsWith('</AUDIT_RECORD>')
}

/** A line before, between or behind records. */
export function isFrame(line: string): boolean {
  return /^\s*(?:<\?xml [^>]{1,80}\?>|<\/?AUDIT>)?\s*$/.test(line)
}

/** Undefined for what is no record. */
export function readXmlRecord(text: string): Audited | undefined {
  if (!text.trimStart().startsWith('<AUDIT_RECORD')) return undefined
  return readOr<Audited | undefined>(
    () => readRecord(rowOf(readXml(text.trim()).root)),
    () => undefined,
  )
}

/** Values by their names in small letters; empty ones are left out. */
function rowOf({ attributes, children }: XmlElement): Row {
  const row = new Map<string, string>()
  const set = (name: string, value: string) => {
    if (value !== '') row.set(name.toLowerCase(), value)
  }
  for (let at = 0; at + 1 < attributes.length; at += 2) set(attributes[at] ?? '', attributes[at + 1] ?? '')
  for (const { name, text } of children) set(name, text)
  return Object.fromEntries(row)
}
