import type { XmlElement } from '../xml.ts'
import { readFragment } from './binxml.ts'
import { spend } from './budget.ts'
import type { AttributeNode, ElementNode, Node, Piece, Slot, Values } from './node.ts'
import { type Cursor, inner } from './source.ts'
import { isArray, itemsOf, textOf } from './value.ts'

/** What is being filled. */
interface Filling {
  cursor: Cursor
  values: Values
}

/** What came out between two tags. */
interface Content {
  children: XmlElement[]
  text: string
}

const nullType = 0x00
const fragmentType = 0x21

/** Puts values in their places. Throws `Unreadable`. */
export function fill(cursor: Cursor, nodes: readonly Node[], values: Values): Content {
  const content: Content = { children: [], text: '' }
  fillInto(content, nodes, { cursor, values })
  return content
}

function fillInto(content: Content, nodes: readonly Node[], filling: Filling): void {
  for (const node of nodes) {
    if (typeof node === 'string') content.text += node
    else if (node.kind === 'slot') fillSlot(content, node, filling)
    else if (node.kind === 'element') fillElement(content.children, node, filling)
    else {
      const { cursor } = filling
      const nested = fill(inner(cursor, cursor.at, cursor.end), node.nodes, node.values)
      add(content, nested)
    }
  }
}

function add(content: Content, { children, text }: Content): void {
  for (const child of children) content.children.push(child)
  content.text += text
}

function fillSlot(content: Content, { index }: Slot, { cursor, values }: Filling): void {
  const type = values.types[index] ?? nullType
  if (type === nullType) return
  const [start, end] = [values.starts[index] ?? 0, values.starts[index + 1] ?? 0]
  if (type !== fragmentType) content.text += textOf(cursor.source, type, start, end)
  else if (end > start) {
    const nested = inner(cursor, start, end)
    add(content, fill(nested, readFragment(nested), values))
  }
}

function fillElement(into: XmlElement[], node: ElementNode, filling: Filling): void {
  const { cursor, values } = filling
  spend(cursor.source.budget, 1, node.characters)
  if (node.fixed !== undefined) {
    into.push(node.fixed)
    return
  }
  const attributes = node.fixedAttributes ?? attributesOf(node.attributes, filling)
  const [only] = node.content
  const slot = node.content.length === 1 && typeof only === 'object' && only.kind === 'slot' ? only : undefined
  if (slot !== undefined && isArray(values.types[slot.index] ?? nullType)) {
    repeat(into, { name: node.name, attributes, slot }, filling)
    return
  }
  const content: Content = { children: [], text: '' }
  if (slot !== undefined) fillSlot(content, slot, filling)
  else fillInto(content, node.content, { cursor: inner(cursor, cursor.at, cursor.end), values })
  into.push({ name: node.name, attributes, children: content.children, text: content.text })
}

/** An element that holds an array is written once for each of its items ([MS-EVEN6] 3.1.4.7). */
function repeat(
  into: XmlElement[],
  { name, attributes, slot }: { name: string; attributes: readonly string[]; slot: Slot },
  { cursor: { source }, values: { types, starts } }: Filling,
): void {
  const { index } = slot
  const items = itemsOf(source, types[index] ?? nullType, starts[index] ?? 0, starts[index + 1] ?? 0)
  for (const text of items) {
    spend(source.budget, 1, name.length)
    into.push({ name, attributes, children: [], text })
  }
}

function attributesOf(attributes: readonly AttributeNode[], filling: Filling): string[] {
  const filled: string[] = []
  for (const { name, pieces } of attributes)
    if (!isLeftOut(pieces, filling.values)) filled.push(name, joined(pieces, filling))
  return filled
}

/** An attribute that is nothing but an optional value is not written where it is null. */
function isLeftOut(pieces: readonly Piece[], { types }: Values): boolean {
  const [only] = pieces
  return (
    pieces.length === 1 && typeof only === 'object' && only.isOptional && (types[only.index] ?? nullType) === nullType
  )
}

function joined(pieces: readonly Piece[], { cursor: { source }, values }: Filling): string {
  let text = ''
  for (const piece of pieces)
    if (typeof piece === 'string') text += piece
    else {
      const { types, starts } = values
      const { index } = piece
      text += textOf(source, types[index] ?? nullType, starts[index] ?? 0, starts[index + 1] ?? 0)
    }
  return text
}
