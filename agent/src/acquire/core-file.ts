/** A region of memory as it stands in a core file. */
export interface CoreRegion {
  start: number
  end: number
  /** `rwxp` of /proc/<pid>/maps. */
  perms: string
  /** Bytes of it that are in the file: from its start. */
  kept: number
  /** File behind it, and where in the file it begins. */
  file?: { path: string; offset: number }
}

export interface CoreFacts {
  /** e_machine of the program (elf(5)). */
  machine: number
  pid: number
  uid: number
  name: string
  /** /proc/<pid>/auxv. */
  auxv: Buffer
}

const pageBytes = 4096
const [headerBytes, programBytes] = [64, 56]
/** More need another form of the header (PN_XNUM, elf(5)). */
export const mostRegions = 60_000
/** elf(5): types of program headers and notes, and flags of a segment. */
const types = { load: 1, note: 4 } as const
const notes = { prpsinfo: 3, auxv: 6, file: 0x46494c45 } as const
const flags = { execute: 1, write: 2, read: 4 } as const

/**
 * What stands before the memory in an ELF core file (elf(5)): headers, and notes that say which process and which files
 * it was. There are no registers (NT_PRSTATUS): the process is not stopped to read them.
 */
export function coreHead(regions: readonly CoreRegion[], facts: CoreFacts): Buffer {
  const note = Buffer.concat([
    toNote(notes.prpsinfo, prpsinfo(facts)),
    toNote(notes.auxv, facts.auxv),
    toNote(notes.file, fileTable(regions)),
  ])
  const noteAt = headerBytes + programBytes * (regions.length + 1)
  const dataAt = Math.ceil((noteAt + note.length) / pageBytes) * pageBytes
  const head = Buffer.alloc(dataAt)
  fileHeader(head, { machine: facts.machine, programs: regions.length + 1 })
  program(head, headerBytes, { type: types.note, flags: flags.read, offset: noteAt, at: 0, kept: note.length, size: 0 })
  let offset = dataAt
  for (const [i, { start, end, perms, kept }] of regions.entries()) {
    const about = { type: types.load, flags: flagsOf(perms), offset, at: start, kept, size: end - start }
    program(head, headerBytes + programBytes * (i + 1), about)
    offset += kept
  }
  note.copy(head, noteAt)
  return head
}

function flagsOf(perms: string): number {
  return (
    (perms[0] === 'r' ? flags.read : 0) | (perms[1] === 'w' ? flags.write : 0) | (perms[2] === 'x' ? flags.execute : 0)
  )
}

/** 64 bits, least byte first, version 1, of type ET_CORE (4). */
function fileHeader(head: Buffer, { machine, programs }: { machine: number; programs: number }): void {
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  head.writeUInt16LE(4, 16)
  head.writeUInt16LE(machine, 18)
  head.writeUInt32LE(1, 20)
  head.writeBigUInt64LE(BigInt(headerBytes), 32)
  head.writeUInt16LE(headerBytes, 52)
  head.writeUInt16LE(programBytes, 54)
  head.writeUInt16LE(programs, 56)
}

interface Program {
  type: number
  flags: number
  offset: number
  at: number
  kept: number
  size: number
}

function program(head: Buffer, to: number, { type, flags, offset, at, kept, size }: Program): void {
  head.writeUInt32LE(type, to)
  head.writeUInt32LE(flags, to + 4)
  for (const [i, value] of [offset, at, 0, kept, size, type === types.load ? pageBytes : 4].entries())
    head.writeBigUInt64LE(BigInt(value), to + 8 + 8 * i)
}

/** Name and content each filled up to a multiple of four. */
function toNote(type: number, content: Buffer): Buffer {
  const name = Buffer.from('CORE\0\0\0\0')
  const head = Buffer.alloc(12)
  head.writeUInt32LE(5, 0)
  head.writeUInt32LE(content.length, 4)
  head.writeUInt32LE(type, 8)
  return Buffer.concat([head, name, content, Buffer.alloc(-content.length & 3)])
}

/** `struct elf_prpsinfo` of 64-bit Linux (linux/elfcore.h). */
function prpsinfo({ pid, uid, name }: CoreFacts): Buffer {
  const info = Buffer.alloc(136)
  info.writeUInt32LE(uid, 16)
  info.writeUInt32LE(pid, 24)
  info.write(name.slice(0, 15), 40)
  info.write(name.slice(0, 79), 56)
  return info
}

/** NT_FILE: how many, the size of a page, start, end and page in the file of each, then their names. */
function fileTable(regions: readonly CoreRegion[]): Buffer {
  const files = regions.flatMap(({ start, end, file }) => (file === undefined ? [] : [{ start, end, ...file }]))
  const numbers = Buffer.alloc(16 + 24 * files.length)
  numbers.writeBigUInt64LE(BigInt(files.length), 0)
  numbers.writeBigUInt64LE(BigInt(pageBytes), 8)
  for (const [i, { start, end, offset }] of files.entries())
    for (const [k, value] of [start, end, Math.floor(offset / pageBytes)].entries())
      numbers.writeBigUInt64LE(BigInt(value), 16 + 24 * i + 8 * k)
  return Buffer.concat([numbers, Buffer.from(files.map(({ path }) => `${path}\0`).join(''))])
}
