import { basename } from 'node:path'
import { counted } from '@tidewaiter/protocol/counted'
import type { IndicatorList } from '../detect/sightings.ts'
import { isRefusal, refuse } from '../error.ts'
import { readIndicators } from '../indicators/read.ts'
import { readList } from './list-file.ts'

/** Indicators to look for in files, and in words how much of their list was taken. */
export interface Sought {
  list: IndicatorList
  says: string
}

/**
 * Throws `file-unreadable`, and `indicator-file-refused` also where nothing was taken: that nothing was sighted would
 * then be said of no search at all.
 */
export async function readSought(file: string): Promise<Sought> {
  const { read, recognised, refused } = readNamed(file, await readList(file))
  const [first] = refused
  const why = first === undefined ? '' : ` Line ${first.line}: ${first.why}`
  if (recognised.length === 0)
    throw refuse('indicator-file-refused', `${file}: Nothing in it is an indicator that can be looked for.${why}`)
  const taken = `Looking for ${counted(recognised.length, 'indicator')} of ${file}, ${read - recognised.length} refused.`
  return { list: { recognised, source: basename(file) }, says: `${taken}${why}` }
}

function readNamed(file: string, text: string) {
  try {
    return readIndicators(text)
  } catch (error) {
    throw isRefusal(error) ? refuse(error.code, `${file}: ${error.says}`, { cause: error }) : error
  }
}
