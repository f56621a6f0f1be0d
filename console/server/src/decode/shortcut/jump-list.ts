import { type CompoundStream, isCompoundFile, readCompoundFile } from '../compound-file.ts'
import { type Damage, Damaged, readOr } from '../damaged.ts'
import { type Structure, structureOf } from '../structure.ts'
import { type Link, linkSignature, readLink } from './link.ts'

/** A shortcut in the list of one program: what was opened with it, or what it offers. */
export interface Listed {
  link?: Link
  /** What the list itself knows of it. */
  use?: Use
}

/** An entry of DestList (libyal, "Jump lists format", DestList stream). */
export interface Use {
  number: number
  machine: string
  path: string
  usedAt: string | undefined
  /** Since version 3. */
  count?: number
  isPinned: boolean
}

export interface JumpList {
  listed: Listed[]
  damages: Damage[]
}

const mostListed = 10_000

const destList = Buffer.from('DestList\0', 'utf16le')

/** `*.automaticDestinations-ms`: what was opened with a program, as Windows keeps it. */
export function isAutomatic(sample: Uint8Array): boolean {
  return isCompoundFile(sample) && structureOf(sample).bytes.includes(destList)
}

/** `*.customDestinations-ms`: what a program put into its list. Version 2, few categories, and shortcuts behind their class. */
export function isCustom(sample: Uint8Array): boolean {
  if (sample.length < 36) return false
  const file = structureOf(sample)
  const [version, categories, kind] = [file.u32(0), file.u32(4), file.u32(12)]
  return version === 2 && categories >= 1 && categories <= 64 && kind <= 2 && file.bytes.includes(classAndHead)
}

const classAndHead = Buffer.concat([linkSignature.subarray(4), linkSignature])

/** Shortcuts are found by how they begin: between them stand only names of categories. */
export function readCustom(file: Structure): JumpList {
  const list: JumpList = { listed: [], damages: [] }
  for (let at = file.bytes.indexOf(classAndHead); at >= 0; ) {
    const from = at + classAndHead.length - linkSignature.length
    const link = take(list, () => readLink(file, from))
    if (link !== undefined) list.listed.push({ link })
    if (list.listed.length >= mostListed) break
    at = file.bytes.indexOf(classAndHead, link?.end ?? from)
  }
  return list
}

/** Each entry of DestList with the shortcut in the stream of its number; and streams that none names. */
export function readAutomatic(bytes: Uint8Array): JumpList {
  const streams = new Map(readCompoundFile(bytes).map((stream) => [stream.name.toLowerCase(), stream]))
  const list: JumpList = { listed: [], damages: [] }
  const uses = take(list, () => usesOf(streams.get('destlist'), list)) ?? []
  for (const use of uses) {
    const stream = streams.get(use.number.toString(16))
    streams.delete(use.number.toString(16))
    const link = stream && take(list, () => readLink(structureOf(stream.read()), 0))
    list.listed.push(link === undefined ? { use } : { link, use })
  }
  for (const { name, read } of streams.values()) {
    if (!/^[0-9a-f]+$/.test(name) || list.listed.length >= mostListed) continue
    const link = take(list, () => readLink(structureOf(read()), 0))
    if (link !== undefined) list.listed.push({ link })
  }
  return list
}

function take<T>(list: JumpList, read: () => T): T | undefined {
  return readOr<T | undefined>(read, (damage) => {
    list.damages.push(damage)
    return undefined
  })
}

const headBytes = 32
/** Windows 7 and 8 wrote version 1; from Windows 10 on entries are longer. */
const layouts = { old: { pathAt: 114, after: 0 }, new: { pathAt: 130, after: 4 } }

/** Entries that were read before one that cannot be are kept. */
function usesOf(stream: CompoundStream | undefined, list: JumpList): Use[] {
  if (stream === undefined) throw new Damaged('format-unknown', 'It has no list of what was opened.')
  const file = structureOf(stream.read())
  const isNew = file.u32(0) >= 3
  const { pathAt, after } = isNew ? layouts.new : layouts.old
  const uses: Use[] = []
  take(list, () => {
    for (let at = headBytes; at + pathAt <= file.bytes.length && uses.length < mostListed; ) {
      const units = file.u16(at + pathAt - 2)
      uses.push({
        number: file.u32(at + 88),
        machine: file.narrow(at + 72, at + 88),
        path: file.wide(at + pathAt, units),
        usedAt: file.instant(at + 100),
        isPinned: file.u32(at + 108) !== 0xffff_ffff,
        ...(isNew && { count: file.u32(at + 116) }),
      })
      at += pathAt + units * 2 + after
    }
  })
  return uses
}
