import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, link, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { newFile } from '../cli/new-file.ts'
import { errnoOf, refuse } from '../error.ts'
import { syncFolder } from '../keys/folder.ts'
import { type Sealed, sealed } from './envelope.ts'
import { contentsOf, type FromConsole } from './from-console.ts'
import { type BackupReport, readBackup } from './read.ts'
import { tarOf } from './tar.ts'

export interface Written extends BackupReport {
  bytes: number
  /** Of the file, hex. */
  sha256: string
}

export interface Writing extends Omit<FromConsole, 'step'> {
  out: string
  to: Sealed
  signal: AbortSignal
  step(what: string, done: number, of: number): void
}

/**
 * Writes a backup and reads it back: what could not be restored from is not there. It takes its name when it was checked,
 * and never the place of another file.
 * @throws `file-unwritable`, `backup-damaged`, `cancelled`, and what `contentsOf` throws
 */
export async function writeBackup({ out, to, signal, step, ...from }: Writing): Promise<Written> {
  await refuseOther(out)
  const part = `${out}.${process.pid}.part`
  const file = await newFile(part)
  const stepOf = (what: string) => (done: number, of: number) => {
    if (signal.aborted) throw refuse('cancelled', 'The backup was stopped. Nothing was left of it.')
    step(what, done, of)
  }
  try {
    const { bytes, sha256 } = await write(file, sealed(tarOf(contentsOf({ ...from, step: stepOf('written') })), to))
    const report = await readBackup(createReadStream(part, { highWaterMark: 1024 * 1024 }), to, {
      step: stepOf('checked'),
    })
    await takeName(part, out)
    return { ...report, bytes, sha256 }
  } catch (cause) {
    throw isFull(cause) ? refuse('file-unwritable', `The volume of ${out} is full.`, { cause }) : cause
  } finally {
    await file.close()
    await rm(part, { force: true })
  }
}

async function refuseOther(out: string): Promise<void> {
  const isThere = await stat(out).then(
    () => true,
    () => false,
  )
  if (isThere) throw refuse('file-unwritable', `${out} is there already.`)
}

/** A link is made only where there is nothing; not every file system has them. */
async function takeName(part: string, out: string): Promise<void> {
  try {
    await link(part, out)
  } catch (cause) {
    if (errnoOf(cause) === 'EEXIST') throw refuse('file-unwritable', `${out} is there already.`, { cause })
    await refuseOther(out)
    await rename(part, out)
  }
  syncFolder(dirname(resolve(out)))
}

const writeBytes = 1024 * 1024

/** Durable when it resolves. */
async function write(file: FileHandle, pieces: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let waiting: Uint8Array[] = []
  let waits = 0
  let bytes = 0
  const flush = async () => {
    const data = Buffer.concat(waiting)
    waiting = []
    waits = 0
    hash.update(data)
    bytes += data.length
    for (let at = 0; at < data.length; ) at += (await file.write(data, at)).bytesWritten
  }
  for await (const piece of pieces) {
    waiting.push(piece)
    waits += piece.length
    if (waits >= writeBytes) await flush()
  }
  await flush()
  await file.sync()
  return { bytes, sha256: hash.digest('hex') }
}

function isFull(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errnoOf(cause) ?? '')
}
