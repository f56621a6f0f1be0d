import type { Damage } from '../damaged.ts'
import { wideText } from '../wide.ts'
import { instantAt } from '../windows-scalar.ts'
import { cellAt, type Hive, isDamage, isSigned, short, unsigned } from './hive.ts'

/** A key as its cell says (`nk`). Places are offsets of cells. */
export interface KeyNode {
  /** Its own cell. */
  offset: number
  flags: number
  /** When the key, its values or the list of its subkeys were last changed. */
  writtenAt: string | undefined
  parent: number
  subkeyCount: number
  subkeys: number
  valueCount: number
  values: number
  security: number
  className: number
  classBytes: number
  name: string
}

export const keyFlag = { volatile: 1, root: 4, link: 0x10, narrowName: 0x20, predefined: 0x40 } as const
const headBytes = 76

export function keyNodeAt(hive: Hive, offset: number): KeyNode | Damage {
  const cell = cellAt(hive, offset, headBytes)
  if (isDamage(cell)) return cell
  return isSigned(hive, cell.at, 'nk') ? readKeyNode(hive, cell, offset) : unsigned
}

/** @param at first byte of the content of its cell */
export function readKeyNode(
  { bytes, data }: Hive,
  { at, end }: { at: number; end: number },
  offset: number,
): KeyNode | Damage {
  if (at + headBytes > end) return short
  const word = (from: number) => data.getUint32(at + from, true)
  const flags = data.getUint16(at + 2, true)
  const nameEnd = at + headBytes + data.getUint16(at + 72, true)
  if (nameEnd > end) return short
  return {
    offset,
    flags,
    writtenAt: instantAt(data, at + 4),
    parent: word(16),
    subkeyCount: word(20),
    subkeys: word(28),
    // Of a predefined handle this is the handle.
    valueCount: flags & keyFlag.predefined ? 0 : word(36),
    values: word(40),
    security: word(44),
    className: word(48),
    classBytes: data.getUint16(at + 74, true),
    name: nameOf(bytes, { at: at + headBytes, end: nameEnd }, (flags & keyFlag.narrowName) !== 0),
  }
}

/** Names without characters beyond Latin-1 are held in one byte each. */
export function nameOf(bytes: Buffer, { at, end }: { at: number; end: number }, isNarrow: boolean): string {
  return isNarrow ? bytes.toString('latin1', at, end) : wideText(bytes, at, end)
}

/** What a program wrote beside the name; undefined where there is none. */
export function classNameOf(hive: Hive, { className, classBytes }: KeyNode): string | undefined {
  if (classBytes === 0) return undefined
  const cell = cellAt(hive, className)
  if (isDamage(cell)) return undefined
  return wideText(hive.bytes, cell.at, Math.min(cell.end, cell.at + Math.min(classBytes, 512)))
}
