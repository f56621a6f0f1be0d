import type { Beside, Event } from '../decoder.ts'
import { recordOf } from '../recorded.fixture.ts'
import { imageOf } from './image.ts'
import { sqlite } from './index.ts'
import { type OpenDatabase, openDatabase } from './open.ts'

export function opened(bytes: Buffer, wal?: Uint8Array): OpenDatabase {
  const beside = wal === undefined ? [] : [walBeside(wal)]
  const image = imageOf({ bytes, recordAt: (offset) => `host/1/${offset}` }, beside)
  if (image === undefined) throw new Error('no database')
  return openDatabase(image)
}

export function walBeside(bytes: Uint8Array): Beside {
  return { name: 'database-wal', prefix: 'wal', bytes }
}

export function eventsOfBytes(bytes: Uint8Array, beside?: readonly Beside[]): Event[] {
  const decoding = sqlite([]).start(beside === undefined ? {} : { beside })
  return [...decoding.push(recordOf(bytes)), ...decoding.end()]
}
