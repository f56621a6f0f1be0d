import { hash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import type { FileFacts, Host } from '../host.ts'
import { textOf } from '../text.ts'

/** As symbolic links are followed by hand, so that each is seen. */
const mostLinks = 8
const usualMost = 256 * 1024

/** A file of the system with what is kept of it. */
export interface SystemFile {
  /** Where it lies: behind the links of its path. */
  path: string
  /** As `facts` of a host gives it, in words of a record; the SHA-256, or why there is none. */
  about: Record<string, unknown>
  /** Its content as text, at most the bytes that were asked for; empty when it cannot be read. */
  text: string
  /** There is more of it than `text`. */
  isCut: boolean
}

/**
 * A file with what is kept of it, through links. Undefined when nothing is there.
 * @param most bytes that are read of its content
 * @param hashed false where its digest would give away what it holds
 */
export async function seeFile(
  host: Host,
  path: string,
  { most = usualMost, hashed = true }: { most?: number; hashed?: boolean } = {},
): Promise<SystemFile | undefined> {
  let facts = await host.facts(path)
  if (facts === undefined) return undefined
  let real = path
  const links: string[] = []
  for (; facts?.kind === 'link' && links.length < mostLinks; facts = await host.facts(real)) {
    const target = host.linkNow(real) ?? ''
    links.push(target)
    real = resolve(dirname(real), target)
  }
  const linked = links.length > 0 ? { links } : {}
  if (facts === undefined)
    return { path: real, about: { ...linked, why: 'the link leads nowhere' }, text: '', isCut: false }
  const about = { ...linked, ...aboutOf(facts) }
  if (facts.kind !== 'file') return { path: real, about: { ...about, kept: facts.kind }, text: '', isCut: false }
  const head = await readHead(host, real, most)
  if ('why' in head)
    return { path: real, about: { ...about, ...(hashed && { sha256Why: head.why }) }, text: '', isCut: false }
  const { bytes, isCut } = head
  const digest = !hashed ? {} : isCut ? await digestOf(host, real) : { sha256: hash('sha256', bytes, 'hex') }
  return { path: real, about: { ...about, ...digest }, text: textOf(bytes), isCut }
}

/** Facts as they stand in a record: permissions in octal, times with the nanoseconds that the file system kept. */
export function aboutOf({ mode, uid, gid, size, modifiedNs, changedNs }: FileFacts): Record<string, unknown> {
  const octal = mode.toString(8).padStart(4, '0')
  return { mode: octal, uid, gid, size, mtime: toNanoTime(modifiedNs), ctime: toNanoTime(changedNs) }
}

/** The beginning of a file, at most `most` bytes. */
export async function readHead(
  host: Host,
  path: string,
  most: number,
): Promise<{ bytes: Buffer; isCut: boolean } | { why: string }> {
  const file = await host.open(path)
  if (typeof file === 'string') return { why: file }
  try {
    const parts: Buffer[] = []
    let length = 0
    // Files of /proc have no size: what there is shows in reading.
    for (;;) {
      const part = Buffer.allocUnsafe(Math.min(stepBytes, most + 1 - length))
      const got = await file.read(part, length)
      if (got === 0) return { bytes: Buffer.concat(parts), isCut: false }
      parts.push(part.subarray(0, got))
      length += got
      if (length > most) return { bytes: Buffer.concat(parts).subarray(0, most), isCut: true }
    }
  } finally {
    await file.close()
  }
}

const stepBytes = 16 * 1024

async function digestOf(host: Host, path: string): Promise<object> {
  const found = await host.hashFile(path)
  return 'why' in found ? { sha256Why: found.why } : found
}

/** RFC 3339 with nanoseconds; a time that its four digits of a year cannot say stands as nanoseconds since 1970. */
export function toNanoTime(ns: bigint): string {
  const rest = ((ns % second) + second) % second
  const seconds = Number((ns - rest) / second)
  if (seconds < firstSecond || seconds > lastSecond) return `${ns}`
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}.${rest.toString().padStart(9, '0')}Z`
}

const second = 1_000_000_000n
const firstSecond = Date.parse('0001-01-01T00:00:00Z') / 1000
const lastSecond = Date.parse('9999-12-31T23:59:59Z') / 1000
