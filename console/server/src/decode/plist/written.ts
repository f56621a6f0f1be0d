import { Damaged } from '../damaged.ts'
import { readXml, type XmlElement } from '../xml.ts'
import { type Budget, type Dict, newBudget, type Plist, type Value } from './value.ts'

/** Where the list begins that stands in a text. A document type may name one; what it declares itself is not followed. */
const beginning =
  /^\uFEFF?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,4000}?-->\s*)*(?:<!DOCTYPE\s+plist[^>[]{0,400}>\s*)?(?:<!--[\s\S]{0,4000}?-->\s*)*(?=<plist[\s>])/

export function isWritten(text: string): boolean {
  return beginning.test(text)
}

/** A property list in XML (Apple, PropertyList-1.0.dtd). Throws `Damaged` where nothing of it can be read. */
export function readWritten(text: string): Plist {
  const found = beginning.exec(text)
  if (found === null) throw new Damaged('xml-malformed', 'No property list begins.')
  const { root } = readXml(text, found[0].length)
  const [first] = root.children
  if (first === undefined) throw new Damaged('ends-early', 'The property list is empty.')
  const budget = newBudget()
  return { root: budget.inPlace(() => valueIn(first, { budget, level: 0 })), damages: budget.damages }
}

interface Depth {
  budget: Budget
  level: number
}

function valueIn({ name, text, children }: XmlElement, depth: Depth): Value {
  depth.budget.take(depth.level)
  const next = { budget: depth.budget, level: depth.level + 1 }
  if (name === 'dict') return dictOf(children, next)
  if (name === 'array') return children.map((child) => depth.budget.inPlace(() => valueIn(child, next)))
  const read = scalars[name]
  if (read === undefined) throw new Damaged('format-unknown', `A property list has no ${name.slice(0, 40)}.`)
  return read(text)
}

/** A key, then its value. */
function dictOf(children: readonly XmlElement[], depth: Depth): Dict {
  const dict = new Map<string, Value>()
  for (let i = 0; i + 1 < children.length; i += 2) {
    const [key, value] = [children[i], children[i + 1]]
    if (key?.name !== 'key' || value === undefined)
      throw new Damaged('xml-malformed', 'In a dictionary stands a value without a key.')
    dict.set(
      key.text,
      depth.budget.inPlace(() => valueIn(value, depth)),
    )
  }
  return dict
}

const scalars: Readonly<Record<string, (text: string) => Value>> = {
  string: (text) => text,
  true: () => true,
  false: () => false,
  integer(text) {
    const digits = text.trim()
    if (!/^[+-]?(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.test(digits)) throw wrong('integer')
    const value = digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits.replace('+', ''))
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  },
  real(text) {
    const value = Number(text.trim())
    if (text.trim() === '' || Number.isNaN(value)) throw wrong('real')
    return value
  },
  date(text) {
    const written = text.trim()
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(written) || Number.isNaN(Date.parse(written))) throw wrong('date')
    return { instant: written }
  },
  data(text) {
    const letters = text.replace(/\s+/g, '')
    if (letters.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(letters)) throw wrong('data')
    return Buffer.from(letters, 'base64')
  },
}

function wrong(name: string): Damaged {
  return new Damaged('xml-malformed', `What stands as ${name} is none.`)
}
