import { wideText } from '../wide.ts'
import { spend } from './budget.ts'
import { takeName } from './name.ts'
import type { Piece } from './node.ts'
import { type Cursor, need, takeByte, takeWord } from './source.ts'

/** Tokens of text ([MS-EVEN6] 2.2.12, BinXml); 0x40 in a token says that more of them follow. */
const token = {
  value: 0x05,
  cdata: 0x07,
  character: 0x08,
  entity: 0x09,
  slot: 0x0d,
  optionalSlot: 0x0e,
} as const

const more = 0x40

/** The entities that XML knows by itself. */
const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** The text or slot at the cursor; undefined, and nothing taken, where another token stands. */
export function takePiece(cursor: Cursor): Piece | undefined {
  need(cursor, 1)
  switch (cursor.source.data.getUint8(cursor.at) & ~more) {
    case token.value:
      // Its type is always the one of text.
      cursor.at += 2
      return takeText(cursor)
    case token.cdata:
      cursor.at += 1
      return takeText(cursor)
    case token.character:
      cursor.at += 1
      return String.fromCharCode(takeWord(cursor))
    case token.entity:
      cursor.at += 1
      return entityOf(takeName(cursor))
    case token.slot:
      return takeSlot(cursor, false)
    case token.optionalSlot:
      return takeSlot(cursor, true)
    default:
      return undefined
  }
}

/** Number of characters, and the characters. */
function takeText(cursor: Cursor): string {
  const length = takeWord(cursor)
  need(cursor, length * 2)
  spend(cursor.source.budget, 0, length)
  cursor.at += length * 2
  return wideText(cursor.source.bytes, cursor.at - length * 2, cursor.at)
}

function entityOf(name: string): string {
  return entities.get(name) ?? `&${name};`
}

function takeSlot(cursor: Cursor, isOptional: boolean): Piece {
  cursor.at += 1
  const index = takeWord(cursor)
  // The type that the template expects: the value has its own.
  takeByte(cursor)
  return { kind: 'slot', index, isOptional }
}

/** Skips a processing instruction: `0x0a` and a name, `0x0b` and a text. False where none stands. */
export function skipInstruction(cursor: Cursor): boolean {
  need(cursor, 1)
  const found = cursor.source.data.getUint8(cursor.at)
  if (found !== 0x0a && found !== 0x0b) return false
  cursor.at += 1
  if (found === 0x0a) takeName(cursor)
  else takeText(cursor)
  return true
}
