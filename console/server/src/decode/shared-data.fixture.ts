import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const data = process.env.TIDEWAITER_DATA ?? join(import.meta.dirname, '../../../../../shared/data')

/** True when the real samples with their truth are not on this machine. With `TIDEWAITER_REQUIRE=data` that fails. */
export function isMissing(...names: readonly string[]): boolean {
  const missing = names.some((name) => !existsSync(join(data, name)))
  if (missing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('data'))
    throw new Error(`TIDEWAITER_REQUIRE names data, and ${data} does not have all of ${names.join(', ')}`)
  return missing
}

export const pathOf = (name: string) => join(data, name)
export const linesOf = (name: string) => readFileSync(pathOf(name), 'latin1').split('\n')
export const bytesOf = (name: string) => readFileSync(pathOf(name))
export const namesIn = (folder: string) => readdirSync(pathOf(folder))
export const namesBelow = (folder: string) => globSync(`${folder}/**/*.*`, { cwd: data }).sort()
export const truthOf = (folder: string) => JSON.parse(readFileSync(pathOf(`${folder}/truth.json`), 'utf8'))
