import type { Code } from '@tidewaiter/protocol'

/** A vector before it is made. */
export interface Case<Input> {
  /** What is in it, or what is wrong with it. */
  name: string
  input: Input
  /** The code it must be refused with, where it must be. */
  refused?: Code
  /** What it must give, where that is not made of the input by hashing and reading it. */
  gives?: boolean | string
}

/** What comes of a vector. */
export type Outcome = { gives: unknown } | { refused: Code }
