import type { XmlElement } from '../xml.ts'

/** A place for a value of the record, by its number. */
export interface Slot {
  kind: 'slot'
  index: number
  /** True where nothing is written for a value that is null. */
  isOptional: boolean
}

export type Piece = string | Slot

export interface AttributeNode {
  name: string
  pieces: readonly Piece[]
}

export interface ElementNode {
  kind: 'element'
  name: string
  attributes: readonly AttributeNode[]
  /** All attributes, where none has a slot. */
  fixedAttributes: readonly string[] | undefined
  content: readonly Node[]
  /** The element itself, where nothing in it has a slot. */
  fixed: XmlElement | undefined
  /** Characters of its own names and texts. */
  characters: number
}

/** A template with the values it is filled with. */
export interface InstanceNode {
  kind: 'instance'
  nodes: readonly Node[]
  values: Values
}

export type Node = Piece | ElementNode | InstanceNode

/** Values of an instance: where they begin in the chunk, with the end of the last one, and their types. */
export interface Values {
  types: readonly number[]
  starts: readonly number[]
}

export const noValues: Values = { types: [], starts: [] }
