/** Why bytes cannot be read, in a word for programs and a sentence for people. */
export interface Damage {
  code:
    | 'cell-free'
    | 'checksum-wrong'
    | 'compression-damaged'
    | 'count-wrong'
    | 'ends-early'
    | 'format-unknown'
    | 'log-missing'
    | 'place-impossible'
    | 'signature-wrong'
    | 'too-deep'
    | 'too-large'
    | 'too-many'
    | 'used-twice'
    | 'version-unknown'
    | 'xml-malformed'
  says: string
}

/** Thrown by readers of structures. Caught where the event of what they read is made, and nowhere else. */
export class Damaged extends Error {
  readonly damage: Damage

  constructor(code: Damage['code'], says: string) {
    super(says)
    this.damage = { code, says }
  }
}

/** What `read` gives, or the damage that it met. */
export function readOr<T>(read: () => T, damaged: (damage: Damage) => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof Damaged)) throw cause
    return damaged(cause.damage)
  }
}
