import { spawnSync } from 'node:child_process'
import { pathOf } from './shared-data.fixture.ts'

/** True where evtxexport of Debian's libevtx-utils is not on this machine. With `TIDEWAITER_REQUIRE=evtxexport` that fails. */
export const isWriterMissing = spawnSync('evtxexport', ['-V']).status !== 0
if (isWriterMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('evtxexport'))
  throw new Error('TIDEWAITER_REQUIRE names evtxexport, which is missing')

/** A log of the shared data as XML; empty for the few that evtxexport does not read. */
export function writtenAsXml(name: string): Buffer {
  const { stdout } = spawnSync('evtxexport', ['-f', 'xml', pathOf(name)], { maxBuffer: 256 * 1024 * 1024 })
  // The first line names the program.
  const from = stdout.indexOf('<Event ')
  return from < 0 ? Buffer.alloc(0) : stdout.subarray(from)
}
