import type { ImportFormat } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { looksLikeCsv, readCsv } from './formats/csv.ts'
import { readJson } from './formats/json.ts'
import { isMisp, readMisp } from './formats/misp.ts'
import { readStix } from './formats/stix.ts'
import { isEnvelope, readTaxii } from './formats/taxii.ts'
import { readText } from './formats/text.ts'
import type { Reading } from './reading.ts'

const readers: Record<ImportFormat, (text: string) => Reading> = {
  stix: (text) => readStix(readJson(text)),
  taxii: (text) => readTaxii(readJson(text)),
  misp: (text) => readMisp(readJson(text)),
  csv: readCsv,
  text: readText,
}

/**
 * What a list of indicators holds; the format is found by content when left out. Throws `indicator-file-refused`, also
 * when nobody named a format and nothing in the text is an indicator: then it is some other file.
 */
export function readIndicators(text: string, format?: ImportFormat): Reading {
  refuseDocuments(text)
  refuseEmpty(text)
  refuseBinary(text)
  return format === undefined ? readByContent(text) : readers[format](text)
}

function readByContent(text: string): Reading {
  // A defanged value may begin with a bracket too.
  if (/^\uFEFF?\s*(?:\{|\[\s*(?:["{[\]]|$))/.test(text.slice(0, 4096))) return readAnyJson(text)
  const reading = looksLikeCsv(text) ? readCsv(text) : readText(text)
  const [first] = reading.refused
  if (first !== undefined && reading.recognised.length === 0)
    throw refuse('indicator-file-refused', `Nothing in it is an indicator. Line ${first.line}: ${first.why}`)
  return reading
}

function readAnyJson(text: string): Reading {
  const json = readJson(text)
  if (isMisp(json.value)) return readMisp(json)
  return isEnvelope(json.value) ? readTaxii(json) : readStix(json)
}

/** Nothing is no list: whoever saved it wrong believes that its values are watched for. */
function refuseEmpty(text: string): void {
  const begin = text.slice(0, mostLooked)
  if (begin.length < mostLooked && /^\uFEFF?\s*$/.test(begin))
    throw refuse('indicator-file-refused', 'This file is empty. Save the list again, one value a line.')
}

/** Characters that are looked at to find out what it is. What has more blanks in front is read like any other text. */
const mostLooked = 65_536

/**
 * Random bytes hold what looks like paths and addresses, and nobody meant them. A list in another encoding than UTF-8
 * has a few characters that are none in its notes, and its values are still good.
 */
function refuseBinary(text: string): void {
  const begin = text.slice(0, mostLooked)
  const controls = begin.match(/(?!\s)\p{Cc}/gu)?.length ?? 0
  const broken = begin.match(/\ufffd/g)?.length ?? 0
  if (controls * 50 > begin.length || broken * 5 > begin.length)
    throw refuse(
      'indicator-file-refused',
      'This is no text in UTF-8 or UTF-16. Save the list as text, one value a line.',
    )
}

/** Kinds of document that people have their lists in, by how they begin. */
const documents: readonly (readonly [begin: string, what: string])[] = [
  ['PK\u0003\u0004', 'This is a spreadsheet or an archive. Save the sheet as CSV, or unpack it.'],
  ['%PDF-', 'This is a PDF. Copy its text into a text file.'],
]

function refuseDocuments(text: string): void {
  for (const [begin, what] of documents) if (text.startsWith(begin)) throw refuse('indicator-file-refused', what)
}
