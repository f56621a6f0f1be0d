import { access, constants, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseHead, type SignedHead } from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import { errnoOf } from '../error.ts'
import type { Ledger } from './ledger.ts'

/** One file of the folder of heads: a signed head, and the key that signed it (SPKI, base64). */
export interface HeadFile extends SignedHead {
  key: string
}

/** Writes the ledger's signed head where IT keeps it out of this console's reach: what is shown later must go on from it. */
export interface Heads {
  /** Since when, and why, it could not be written. */
  problem(): { sinceMs: number; says: string } | undefined
  /** Writes one more, and ends. */
  close(): Promise<void>
}

interface HeadsOptions {
  dir: string
  ledger: Pick<Ledger, 'head' | 'size' | 'publicKey'>
  log: Logger
  now(): number
}

const hourMs = 3_600_000
/** How often it is looked whether an hour has begun, and tried again what failed. */
const lookMs = 60_000

/** Writes one now, one in every hour, and one at the end. A folder that is missing or full ends nothing. */
export async function openHeads({ dir, ledger, log, now }: HeadsOptions): Promise<Heads> {
  let hour = -1
  let problem: { sinceMs: number; says: string } | undefined
  const write = async () => {
    const atMs = now()
    try {
      if (ledger.size() === 0) await mustBeWritable(dir)
      else {
        await writeHead(dir, fileOf(ledger), atMs)
        hour = Math.floor(atMs / hourMs)
      }
      problem = undefined
    } catch (cause) {
      problem ??= {
        sinceMs: atMs,
        says: `The signed head of the ledger cannot be written to ${dir} (${errnoOf(cause)}).`,
      }
      log.error({ err: cause, dir }, 'the head of the ledger was not written')
    }
  }
  let writing = write()
  const look = async () => {
    if (problem !== undefined || Math.floor(now() / hourMs) !== hour) await write()
  }
  const timer = setInterval(() => {
    writing = writing.then(look)
  }, lookMs).unref()
  await writing
  return {
    problem: () => problem,
    async close() {
      clearInterval(timer)
      await writing
      await write()
    },
  }
}

/** Without an entry there is nothing to write yet: that it could be is found out all the same. */
async function mustBeWritable(dir: string): Promise<void> {
  await readdir(dir)
  await access(dir, constants.W_OK | constants.X_OK)
}

function fileOf({ head, publicKey }: HeadsOptions['ledger']): HeadFile {
  return { ...head(), key: Buffer.from(publicKey).toString('base64') }
}

/** `<time>-<ledger, 8 digits>-<entries>.head.json`: never in place of another, durable when it resolves. */
async function writeHead(dir: string, file: HeadFile, atMs: number): Promise<void> {
  const { ledger, size } = parseHead(file)
  const time = new Date(atMs).toISOString().replaceAll(':', '')
  const handle = await open(join(dir, `${time}-${ledger.slice(0, 8)}-${size}.head.json`), 'wx', 0o644)
  try {
    await handle.writeFile(`${JSON.stringify(file)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
