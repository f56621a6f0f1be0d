import { closeSync, open, openSync, read, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs'
import type { Host } from '../host.ts'
import { textOf } from '../text.ts'

/** Files of /proc that a collector reads at once are far smaller. */
const mostBytes = 64 * 1024
const buffer = Buffer.allocUnsafeSlow(mostBytes)

/** What the kernel answers from memory does not block, and asking on the thread costs a tenth of asking beside it. */
export function readNow(path: string): Buffer | undefined {
  return unlessGone(() => {
    const file = openSync(path, 'r')
    try {
      let length = 0
      for (let got = 1; got > 0 && length < mostBytes; length += got)
        got = readSync(file, buffer, length, mostBytes - length, null)
      return Buffer.from(buffer.subarray(0, length))
    } finally {
      closeSync(file)
    }
  })
}

export function textNow(path: string): string | undefined {
  return unlessGone(() => readFileSync(path, 'utf8'))
}

export function ownerNow(path: string): { uid: number; gid: number } | undefined {
  return unlessGone(() => statSync(path, { throwIfNoEntry: false }))
}

export function linkNow(path: string): string | undefined {
  return unlessGone(() => {
    const link = readlinkSync(path, 'utf8')
    // Bytes that are no UTF-8 have become this character: then they are looked at one by one, which takes longer.
    return link.includes('\ufffd') ? textOf(readlinkSync(path, 'buffer')) : link
  })
}

export function listNow(folder: string): string[] {
  return unlessGone(() => readdirSync(folder)) ?? []
}

export function isDeleted(path: string): boolean {
  return unlessGone(() => statSync(path).nlink === 0) ?? false
}

export function behindNow(path: string): { mode: number; uid: number; links: number } | undefined {
  return unlessGone(() => {
    const { mode, uid, nlink } = statSync(path)
    return { mode: mode & 0o7777, uid, links: nlink }
  })
}

/** A process may end, or be somebody else's, at any moment. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

const patienceMs = 1_000
/** What is long may take so long altogether, as long as something comes every second. */
const longMs = 10_000
/** While one hangs no other is asked: the pool has two threads (`packaging/runtime.ts`), and the other one is needed. */
const mostHung = 1
const whys = { hangs: 'reading it does not end', notAsked: 'not asked: reading that of another process does not end' }

/**
 * Reads what another process can hold back: its command line lies in its own memory, and reading it waits for that
 * memory's lock. What hangs keeps a thread of the pool for good, so it is given up while the pool still has some.
 */
export function newPatientReader(): Host['readHanging'] {
  let hung = 0
  /** A read that hangs keeps its own for good. */
  let spare: Buffer | undefined
  return async (path, limit = mostBytes) => {
    if (hung >= mostHung) return { why: whys.notAsked }
    const into = spare ?? Buffer.allocUnsafeSlow(mostBytes)
    spare = undefined
    let giveUp = () => {}
    const late = new Promise<{ why: string }>((resolve) => {
      giveUp = () => resolve({ why: whys.hangs })
    })
    let isOver = false
    const timers = [setTimeout(giveUp, patienceMs), setTimeout(giveUp, limit > mostBytes ? longMs : patienceMs)]
    const goesOn = () => {
      if (limit > mostBytes) timers[0]?.refresh()
      return !isOver
    }
    hung += 1
    const answer = readBeside(path, { into, limit, goesOn }).finally(() => {
      hung -= 1
      spare = into
    })
    const first = await Promise.race([answer, late])
    isOver = true
    for (const timer of timers) clearTimeout(timer)
    return first
  }
}

interface Reading {
  into: Buffer
  limit: number
  /** Asked after every step; false when nobody waits any more. */
  goesOn(): boolean
}

async function readBeside(path: string, { into, limit, goesOn }: Reading): Promise<Buffer | undefined> {
  const file = await openBeside(path)
  if (file === undefined) return undefined
  try {
    const full: Buffer[] = []
    let [length, filled] = [0, 0]
    for (let got = 1; got > 0 && length < limit; length += got) {
      if (filled === into.length) {
        full.push(Buffer.from(into))
        filled = 0
      }
      got = await readSome(file, into.subarray(filled, filled + limit - length))
      filled += got
      if (!goesOn()) return undefined
    }
    return Buffer.concat([...full, into.subarray(0, filled)])
  } catch {
    return undefined
  } finally {
    closeSync(file)
  }
}

function openBeside(path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    open(path, 'r', (cause, file) => resolve(cause === null ? file : undefined))
  })
}

function readSome(file: number, into: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, into, 0, into.length, null, (cause, got) => (cause === null ? resolve(got) : reject(cause)))
  })
}
