import type { XmlElement } from '../xml.ts'
import type { AttributeNode, ElementNode, Node } from './node.ts'

/** What can be said of an element before there are values: all of it, where it has no slot. */
export function elementNode(name: string, attributes: readonly AttributeNode[], content: readonly Node[]): ElementNode {
  const fixedAttributes = fixedOf(attributes)
  const joined = join(content)
  const fixed = fixedAttributes === undefined ? undefined : fixedElement(name, fixedAttributes, joined)
  return {
    kind: 'element',
    name,
    attributes,
    fixedAttributes,
    content: joined,
    fixed,
    characters: charactersOf(name, attributes, joined),
  }
}

/** Texts that follow each other become one. */
function join(content: readonly Node[]): Node[] {
  const joined: Node[] = []
  for (const node of content) {
    const last = joined.at(-1)
    if (typeof node === 'string' && typeof last === 'string') joined[joined.length - 1] = last + node
    else joined.push(node)
  }
  return joined
}

function fixedOf(attributes: readonly AttributeNode[]): readonly string[] | undefined {
  const fixed: string[] = []
  for (const { name, pieces } of attributes) {
    if (!pieces.every((piece) => typeof piece === 'string')) return undefined
    fixed.push(name, pieces.join(''))
  }
  return fixed
}

function fixedElement(name: string, attributes: readonly string[], content: readonly Node[]): XmlElement | undefined {
  const children: XmlElement[] = []
  let text = ''
  for (const node of content) {
    if (typeof node === 'string') text += node
    else if (node.kind === 'element' && node.fixed !== undefined) children.push(node.fixed)
    else return undefined
  }
  return { name, attributes, children, text }
}

function charactersOf(name: string, attributes: readonly AttributeNode[], content: readonly Node[]): number {
  let characters = name.length
  for (const attribute of attributes) {
    characters += attribute.name.length
    for (const piece of attribute.pieces) if (typeof piece === 'string') characters += piece.length
  }
  for (const node of content) {
    if (typeof node === 'string') characters += node.length
    else if (node.kind === 'element' && node.fixed !== undefined) characters += node.characters
  }
  return characters
}
