import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { bytesOf } from './shared-data.fixture.ts'

/** True where esedbexport of Debian's libesedb-utils is not on this machine. With `TIDEWAITER_REQUIRE=esedbexport` that fails. */
export const isExporterMissing = spawnSync('esedbexport', ['-V']).status !== 0
if (isExporterMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('esedbexport'))
  throw new Error('TIDEWAITER_REQUIRE names esedbexport, which is missing')

/** A database of the shared data. */
export function unzipped(name: string): Buffer {
  return gunzipSync(bytesOf(name))
}

/** Rows of every table of a database as esedbexport writes them: texts by the names of their columns. */
export function exportedTables(database: Uint8Array): Map<string, Record<string, string>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-esedb-'))
  try {
    writeFileSync(join(folder, 'database'), database)
    spawnSync('esedbexport', ['-t', join(folder, 'out'), join(folder, 'database')])
    const files = readdirSync(join(folder, 'out.export'))
    return new Map(files.map((file) => [file.replace(/\.\d+$/, ''), rowsOf(join(folder, 'out.export', file))]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function rowsOf(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n')
  const names = head.split('\t')
  return lines
    .filter((line) => line !== '')
    .map((line) => Object.fromEntries(line.split('\t').map((value, i) => [names[i] ?? '', value])))
}
