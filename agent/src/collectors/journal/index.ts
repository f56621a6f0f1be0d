import type { Chunk, ChunkHead, Position } from '@tidewaiter/protocol'
import { toChunk } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Collector, Standing } from '../collector.ts'
import { EntryCutter, type Piece } from './entries.ts'
import { withPauses } from './pauses.ts'

const source = 'journal:system'
const method = 'journalctl -o export'
const aliveMs = 10_000
/** Where journald keeps a folder for each machine id: in memory, or for good. */
const folders = ['/run/log/journal', '/var/log/journal']

export const journal: Collector = {
  id: 'journal',
  resource: 'System logs (including event logs)',
  platforms: ['linux'],
  reads: 'Every entry of systemd’s journal with all its fields, as `journalctl -o export` gives it.',
  needs:
    'Root or the group systemd-journal, and systemd-journald. To keep the journal over a restart of the machine: `mkdir -p /var/log/journal && systemctl restart systemd-journald`.',
  cannotSee:
    'What journald dropped because a program wrote too fast (it says so in an entry), and what it deleted to keep its size before it was read.',

  async *collect(host, signal, from) {
    const standing = await whyNot(host)
    if (standing !== undefined) {
      yield standing
      return
    }
    let next = from.position(source) ?? { cursor: '' }
    const before = placeOf(next)
    // Not --after-cursor: with --cursor the entry itself comes first, and its absence shows that it is gone.
    const place = before === undefined ? [] : [`--cursor=${before.cursor}`]
    const args = ['--output=export', '--follow', '--no-tail', '--quiet', '--no-pager', ...place]
    const output = withPauses(host.run('journalctl', args, signal), { clock: host, ms: aliveMs })
    const cutter = new EntryCutter()
    let isFirst = before !== undefined
    for await (const bytes of output) {
      if (signal.aborted) return
      const pieces = bytes === undefined ? [] : [...cutter.push(bytes)]
      const fresh = pieces.filter((piece) => isBehind(piece, before))
      if (isFirst && pieces.length > 0) {
        if (pieces[0]?.cursor !== before?.cursor) yield { source, lost }
        isFirst = false
      }
      next = positionAfter(fresh) ?? next
      yield { source, chunks: toChunks(fresh, new Date(host.now()).toISOString()), next }
    }
  },
}

const lost = {
  count: null,
  cause: 'the journal no longer holds the entry that was read last: it was deleted to keep its size',
}

async function whyNot(host: Host): Promise<Standing | undefined> {
  const no = { source, state: 'not-enabled' } as const
  if (!host.has('journalctl'))
    return {
      ...no,
      why: 'There is no journalctl on this machine.',
      fix: 'Nothing, if another syslog daemon writes log files.',
    }
  for (const folder of folders)
    if ((await host.list(folder)).some((name) => /^[0-9a-f]{32}/.test(name))) return undefined
  return { ...no, why: 'systemd-journald keeps no journal here.', fix: 'Start it: `systemctl start systemd-journald`.' }
}

/** What was handed over last: an entry, and how many parts of it where the others are still to come. */
interface Place {
  cursor: string
  parts: number
}

/**
 * Between the parts of an entry, which may be sealed in different batches, the position is the cursor of that entry and
 * the number of the part: `s=...;x=...;part=2`. An entry comes the same whenever it is read, and so do its parts.
 */
const partMark = ';part='

/** Undefined where none of the pieces says where it stands. */
function positionAfter(pieces: readonly Piece[]): Position | undefined {
  const newest = pieces.findLast(({ cursor }) => cursor !== '')
  return newest && { cursor: newest.ends ? newest.cursor : `${newest.cursor}${partMark}${newest.part}` }
}

function placeOf(position: Position): Place | undefined {
  if (!('cursor' in position) || position.cursor === '') return undefined
  const [cursor = '', part] = position.cursor.split(partMark)
  return { cursor, parts: part === undefined ? Number.POSITIVE_INFINITY : Number(part) }
}

function isBehind({ cursor, part = 1 }: Piece, before: Place | undefined): boolean {
  return cursor !== before?.cursor || part > before.parts
}

/** Entries side by side, each followed by the LF of its empty line; a part of one stands alone. */
function toChunks(pieces: readonly Piece[], readAt: string): Chunk[] {
  const chunks: Chunk[] = []
  let whole: Piece[] = []
  const close = () => {
    const [first] = whole
    if (first === undefined) return
    chunks.push(
      toChunk(
        headOf(first, readAt),
        whole.map(({ bytes }) => bytes),
      ),
    )
    whole = []
  }
  for (const piece of pieces) {
    if (piece.part === undefined) whole.push(piece)
    else {
      close()
      chunks.push(toChunk(headOf(piece, readAt), [piece.bytes]))
    }
  }
  close()
  return chunks
}

function headOf({ cursor, part, ends }: Piece, readAt: string): ChunkHead {
  const parts = part === undefined ? {} : { part, ...(ends && { last: true as const }) }
  return { source, start: { cursor }, readAt, method, unit: 'row', lf: ends, ...parts }
}
