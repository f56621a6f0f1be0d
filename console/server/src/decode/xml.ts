import { Damaged } from './damaged.ts'

/** An element of XML. What made it may share it: nobody may write to it. */
export interface XmlElement {
  /** As written, with the prefix of its namespace. */
  name: string
  /** Names and values in turn. */
  attributes: readonly string[]
  children: readonly XmlElement[]
  /** All text between its tags, without that of its children. */
  text: string
}

/** What may be made of one text: the files that are read here take some hundred elements, a dozen deep. */
const mostElements = 100_000
const mostLevels = 64
const mostAttributes = 64

interface Reading {
  text: string
  at: number
  elements: number
}

interface OpenElement {
  name: string
  attributes: string[]
  children: XmlElement[]
  text: string
}

/**
 * The element that begins at or after `from`, and where it ends. Knows elements, attributes, CDATA, comments and the
 * entities that XML has by itself (W3C XML 1.0); declares nothing, follows nothing: a document type is refused. Line
 * ends stay as they are written. Takes the time that the text's length takes. Throws `Damaged` (`xml-malformed`,
 * `too-deep`, `too-many`).
 */
export function readXml(text: string, from = 0): { root: XmlElement; end: number } {
  const reading: Reading = { text, at: from, elements: 0 }
  skipProlog(reading)
  const open: OpenElement[] = []
  for (;;) {
    const closed = text.startsWith('</', reading.at) ? takeEnd(reading, open.pop()) : takeStart(reading, open)
    if (closed !== undefined) {
      const parent = open.at(-1)
      if (parent === undefined) return { root: closed, end: reading.at }
      parent.children.push(closed)
    }
    takeText(reading, open.at(-1))
  }
}

/** Declaration, comments and white space before the first element. */
function skipProlog(reading: Reading): void {
  for (;;) {
    while (isBlank(reading.text.charCodeAt(reading.at))) reading.at++
    if (reading.text.startsWith('<?', reading.at)) skipTo(reading, '?>')
    else if (reading.text.startsWith('<!--', reading.at)) skipTo(reading, '-->')
    else if (reading.text.startsWith('<!', reading.at)) throw malformed(reading, 'A document type is not followed')
    else if (reading.text[reading.at] === '<') return
    else throw malformed(reading, 'No element begins')
  }
}

function skipTo(reading: Reading, mark: string): void {
  const end = reading.text.indexOf(mark, reading.at)
  if (end < 0) throw malformed(reading, `No ${mark} follows`)
  reading.at = end + mark.length
}

/** A start tag: the element where it is empty, otherwise it is open. */
function takeStart(reading: Reading, open: OpenElement[]): XmlElement | undefined {
  if (++reading.elements > mostElements) throw new Damaged('too-many', `It has more than ${mostElements} elements.`)
  if (open.length >= mostLevels) throw new Damaged('too-deep', 'Its elements are nested too deeply.')
  reading.at += 1
  const element: OpenElement = { name: takeName(reading), attributes: [], children: [], text: '' }
  for (;;) {
    skipBlanks(reading)
    if (reading.text[reading.at] === '>') {
      reading.at += 1
      open.push(element)
      return undefined
    }
    if (reading.text.startsWith('/>', reading.at)) {
      reading.at += 2
      return element
    }
    if (element.attributes.length >= mostAttributes * 2) throw malformed(reading, 'A tag has too many attributes')
    takeAttribute(reading, element.attributes)
  }
}

function takeEnd(reading: Reading, element: OpenElement | undefined): XmlElement {
  reading.at += 2
  const name = takeName(reading)
  if (name !== element?.name) throw malformed(reading, 'A tag is closed that is not open')
  skipBlanks(reading)
  if (reading.text[reading.at] !== '>') throw malformed(reading, 'A tag does not end')
  reading.at += 1
  return element
}

function takeAttribute(reading: Reading, attributes: string[]): void {
  const name = takeName(reading)
  skipBlanks(reading)
  if (reading.text[reading.at] !== '=') throw malformed(reading, 'An attribute has no value')
  reading.at += 1
  skipBlanks(reading)
  const quote = reading.text[reading.at]
  if (quote !== '"' && quote !== "'") throw malformed(reading, 'The value of an attribute has no quotes')
  const end = reading.text.indexOf(quote, reading.at + 1)
  if (end < 0) throw malformed(reading, 'The value of an attribute does not end')
  attributes.push(name, withEntities(reading.text.slice(reading.at + 1, end)))
  reading.at = end + 1
}

/** Text up to the next tag, with what CDATA sections hold; comments and instructions are left out. */
function takeText(reading: Reading, element: OpenElement | undefined): void {
  for (;;) {
    const next = reading.text.indexOf('<', reading.at)
    if (next < 0 || element === undefined) throw malformed(reading, 'An element does not end')
    if (next > reading.at) element.text += withEntities(reading.text.slice(reading.at, next))
    reading.at = next
    if (reading.text.startsWith('<![CDATA[', next)) {
      skipTo(reading, ']]>')
      element.text += reading.text.slice(next + 9, reading.at - 3)
    } else if (reading.text.startsWith('<!--', next)) skipTo(reading, '-->')
    else if (reading.text.startsWith('<?', next)) skipTo(reading, '?>')
    else if (reading.text.startsWith('<!', next)) throw malformed(reading, 'A declaration stands within an element')
    else return
  }
}

const nameEnd = /[\s=<>/"'&]/g

function takeName(reading: Reading): string {
  nameEnd.lastIndex = reading.at
  const end = nameEnd.exec(reading.text)?.index ?? reading.text.length
  if (end === reading.at) throw malformed(reading, 'A name is missing')
  const name = reading.text.slice(reading.at, end)
  reading.at = end
  return name
}

function skipBlanks(reading: Reading): void {
  while (isBlank(reading.text.charCodeAt(reading.at))) reading.at++
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** An entity that XML does not have by itself stays as it is written. */
function withEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(\w{1,8}));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(entities, name) ? (entities[name] ?? all) : all
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code <= 0x10_ffff ? String.fromCodePoint(code) : all
  })
}

function malformed({ at }: Reading, what: string): Damaged {
  return new Damaged('xml-malformed', `${what} at character ${at} of the XML.`)
}

/** The value of an attribute; empty where there is none. */
export function attribute({ attributes }: XmlElement, name: string): string {
  for (let i = 0; i < attributes.length; i += 2) if (attributes[i] === name) return attributes[i + 1] ?? ''
  return ''
}

/** The first child of this name. */
export function child({ children }: XmlElement, name: string): XmlElement | undefined {
  return children.find((element) => element.name === name)
}

/** Text of the first child of this name without blanks around it; undefined where there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  const text = child(element, name)?.text.trim()
  return text === '' ? undefined : text
}
