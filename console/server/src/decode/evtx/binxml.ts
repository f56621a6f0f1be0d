import { spend } from './budget.ts'
import { elementNode } from './element-node.ts'
import { isName, takeName } from './name.ts'
import { type AttributeNode, type ElementNode, type InstanceNode, type Node, noValues, type Values } from './node.ts'
import { type Cursor, inner, need, takeByte, takeLong, takeWord } from './source.ts'
import { skipInstruction, takePiece } from './text-node.ts'
import { Unreadable } from './unreadable.ts'

/** Tokens of structure ([MS-EVEN6] 2.2.12, BinXml); 0x40 in the first says that attributes follow. */
const token = {
  endOfFragment: 0x00,
  element: 0x01,
  elementWithAttributes: 0x41,
  endOfStart: 0x02,
  endOfEmpty: 0x03,
  endOfElement: 0x04,
  attribute: 0x06,
  instance: 0x0c,
  fragment: 0x0f,
} as const

const more = 0x40

/**
 * The nodes of a fragment, up to its end token or the end of its bytes. Throws `Unreadable`.
 * @param cursor stands behind the fragment when it returns
 */
export function readFragment(cursor: Cursor): Node[] {
  need(cursor, 1)
  // Token, version (2) and flags.
  if (cursor.source.data.getUint8(cursor.at) === token.fragment) cursor.at += 4
  return readNodes(cursor, token.endOfFragment)
}

function readNodes(cursor: Cursor, last: number): Node[] {
  const nodes: Node[] = []
  while (cursor.at < cursor.end) {
    const piece = takePiece(cursor)
    if (piece !== undefined) nodes.push(piece)
    else if (!skipInstruction(cursor)) {
      const found = takeByte(cursor)
      if (found === last) return nodes
      nodes.push(structureOf(cursor, found))
    }
  }
  if (last !== token.endOfFragment) throw new Unreadable('An element does not end.')
  return nodes
}

function structureOf(cursor: Cursor, found: number): Node {
  if (found === token.element) return readElement(cursor, false)
  if (found === token.elementWithAttributes) return readElement(cursor, true)
  if (found === token.instance) return readInstance(cursor)
  throw new Unreadable(`Byte ${cursor.at - 1} of its chunk is no token of BinXML (0x${found.toString(16)}).`)
}

function readElement(outer: Cursor, hasAttributes: boolean): ElementNode {
  spend(outer.source.budget, 1, 0)
  const cursor = inner(outer, outer.at, outer.end)
  if (hasDependency(cursor)) takeWord(cursor)
  // Its length, which its end token says again.
  takeLong(cursor)
  const name = takeName(cursor)
  const attributes = hasAttributes ? readAttributes(cursor) : []
  const end = takeByte(cursor)
  if (end !== token.endOfStart && end !== token.endOfEmpty) throw new Unreadable(`The start of <${name}> does not end.`)
  const content = end === token.endOfStart ? readNodes(cursor, token.endOfElement) : []
  outer.at = cursor.at
  return elementNode(name, attributes, content)
}

/**
 * Elements of a template begin with the number of the value they depend on; those of a fragment without one do not, and
 * no flag says which it is: the name tells, which stands right here or where it was read before.
 */
function hasDependency({ source, at, end }: Cursor): boolean {
  if (at + 8 > end) return true
  const without = source.data.getUint32(at + 4, true)
  if (at + 10 > end) return false
  const withIt = source.data.getUint32(at + 6, true)
  if (withIt === at + 10) return true
  if (without === at + 8) return false
  return isName(source, withIt) || !isName(source, without)
}

function readAttributes(cursor: Cursor): AttributeNode[] {
  // Their length.
  takeLong(cursor)
  const attributes: AttributeNode[] = []
  while (cursor.at < cursor.end && ((cursor.source.bytes[cursor.at] ?? 0) & ~more) === token.attribute) {
    spend(cursor.source.budget, 1, 0)
    cursor.at += 1
    const name = takeName(cursor)
    const pieces = []
    for (let piece = takePiece(cursor); piece !== undefined; piece = takePiece(cursor)) pieces.push(piece)
    attributes.push({ name, pieces })
  }
  return attributes
}

/** Version, number of the template (4), place of its definition, which may stand right here; then the values. */
function readInstance(cursor: Cursor): InstanceNode {
  takeByte(cursor)
  const number = takeLong(cursor)
  const offset = takeLong(cursor)
  const isHere = offset === cursor.at
  const nodes = templateAt(cursor, offset, number)
  if (isHere) cursor.at = endOfTemplate(cursor, offset)
  return { kind: 'instance', nodes, values: readValues(cursor) }
}

/** Of a definition: place of the next one (4), GUID (16), length of what follows (4). */
const definitionBytes = 24

function endOfTemplate({ source: { data } }: Cursor, offset: number): number {
  if (offset + definitionBytes > data.byteLength)
    throw new Unreadable(`There is no template at byte ${offset} of its chunk.`)
  return offset + definitionBytes + data.getUint32(offset + 20, true)
}

/** The number is the beginning of the GUID: what was deleted may name a place where another template stands by now. */
function templateAt(cursor: Cursor, offset: number, number: number): readonly Node[] {
  const { templates, data } = cursor.source
  const end = endOfTemplate(cursor, offset)
  if (data.getUint32(offset + 4, true) !== number)
    throw new Unreadable(`Its template is not at byte ${offset} of its chunk.`)
  const known = templates.get(offset)
  if (known !== undefined) return known
  const nodes = readFragment(inner(cursor, offset + definitionBytes, end))
  templates.set(offset, nodes)
  return nodes
}

/** Their number (4); size (2), type and a zero byte of each; then the values themselves. */
function readValues(cursor: Cursor): Values {
  const count = takeLong(cursor)
  if (count === 0) return noValues
  need(cursor, count * 4)
  spend(cursor.source.budget, 0, count)
  const { data } = cursor.source
  const [types, starts]: [number[], number[]] = [[], []]
  let start = cursor.at + count * 4
  for (let at = cursor.at, table = start; at < table; at += 4) {
    types.push(data.getUint8(at + 2))
    starts.push(start)
    start += data.getUint16(at, true)
  }
  starts.push(start)
  if (start > cursor.end) throw new Unreadable('Its values reach beyond its end.')
  cursor.at = start
  return { types, starts }
}
