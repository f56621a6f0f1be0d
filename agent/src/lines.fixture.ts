import { closeSync, openSync, readSync } from 'node:fs'
import { linesOf } from './batch.fixture.ts'
import type { Collector } from './collectors/collector.ts'

export const linesSource = 'log-file:/test'

/** Follows one file that only grows, as plainly as can be: whole lines from the position on. */
export function followLines(file: string): Collector {
  return {
    id: 'log-file',
    resource: 'System logs (including event logs)',
    platforms: ['linux'],
    reads: 'one file',
    needs: 'nothing',
    cannotSee: 'anything else',
    provenOn: 'nothing',
    async *collect(host, signal, from) {
      for (; !signal.aborted; await host.sleep(100, signal)) {
        const position = from.position(linesSource)
        const offset = position !== undefined && 'offset' in position ? position.offset : 0
        const text = readFrom(file, offset)
        const end = text.lastIndexOf('\n') + 1
        const chunk = linesOf(linesSource, text.slice(0, end).split('\n').slice(0, -1), offset)
        const next = { offset: offset + end, file: { dev: '1', ino: '2', headSha256: 'ab'.repeat(32) } }
        yield { source: linesSource, chunks: end > 0 ? [chunk] : [], next }
      }
    },
  }
}

function readFrom(file: string, offset: number): string {
  const handle = openSync(file, 'r')
  const buffer = Buffer.alloc(64 * 1024)
  const length = readSync(handle, buffer, 0, buffer.length, offset)
  closeSync(handle)
  return buffer.toString('latin1', 0, length)
}
