import { createHash } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type AgeSealing, sealForRecipients } from '@tidewaiter/protocol/node/age'
import { errnoOf, refuse } from '../error.ts'

/** A drive that is pulled keeps what was synced: all but the newest of it. */
const syncBytes = 16 * 1024 * 1024

/** A file that is written from front to back, and is whole up to wherever writing ends. */
export interface OutFile {
  path: string
  /** Throws `collection-unwritable`: the volume is full or gone. What was written before stays. */
  write(bytes: Uint8Array): void
  /** Of the file as it lies there. */
  bytes(): number
  /** Ends the file; its SHA-256. Throws `collection-unwritable`. */
  end(): string
  /** What was written so far has this SHA-256: for a file that cannot be ended. */
  giveUp(): string
}

/** A folder stands for a new file in it, named by the machine and the time. */
export function outPath(out: string, { name, nowMs }: { name: string; nowMs: number }): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory() === true
  return isFolder ? join(out, `${name.replaceAll(/[^\w.-]/g, '_')}_${stamp}.tide`) : out
}

/**
 * Never in place of another file. Nothing but this file is written.
 * @param recipients who can open it; none: it is not encrypted
 * @throws `collection-unwritable`
 */
export function createOutFile(path: string, recipients: readonly Uint8Array[]): OutFile {
  const file = written(path, () => openSync(path, 'wx', 0o600))
  const hash = createHash('sha256')
  const sealing: AgeSealing | undefined = recipients.length === 0 ? undefined : sealForRecipients(recipients)
  let [bytes, unsynced] = [0, 0]

  const put = (piece: Uint8Array) => {
    for (let at = 0; at < piece.length; ) {
      const count = writeSync(file, piece, at)
      // Hashed as far as it came: a full volume takes a part of a piece.
      hash.update(piece.subarray(at, at + count))
      at += count
      bytes += count
    }
    unsynced += piece.length
  }
  const write = (piece: Uint8Array) =>
    written(path, () => {
      for (const sealed of sealing?.push(piece) ?? [piece]) put(sealed)
      if (unsynced < syncBytes) return
      fdatasyncSync(file)
      unsynced = 0
    })
  if (sealing !== undefined) written(path, () => put(sealing.head))
  return {
    path,
    write,
    bytes: () => bytes,
    end() {
      written(path, () => {
        if (sealing !== undefined) put(sealing.end())
        fdatasyncSync(file)
        closeSync(file)
      })
      return hash.digest('hex')
    },
    giveUp() {
      try {
        closeSync(file)
      } catch {
        // The drive is gone: there is nothing left to close.
      }
      return hash.digest('hex')
    },
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'is there already, and is never overwritten. Name another file',
  ENOSPC: 'takes no more: its volume is full. Free space on it, or take a larger one',
  EFBIG: 'takes no more: its file system allows no larger file. Format it as exFAT or ext4, or take --profile triage',
  EACCES: 'may not be written by this account. Name another file, or run as root',
  ENOENT: 'cannot be made: there is no such folder. Name another file',
}

function written<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    const code = errnoOf(cause) ?? 'unknown'
    const says = reasons[code] ?? `cannot be written (${code}). See whether the drive is still there`
    throw refuse('collection-unwritable', `${path} ${says}.`, { cause })
  }
}
