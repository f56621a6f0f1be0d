import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FinishImport } from '@tidewaiter/protocol/api'
import { account } from '../backup/record.ts'
import { fixedOffset, zoneOf } from '../decode/zone.ts'
import { refuse } from '../error.ts'
import { importPair } from '../keys/derived.ts'
import { openFolder } from '../keys/folder.ts'
import { loadMaterial } from '../keys/material.ts'
import type { Api } from './api.ts'
import type { Imported, ImportOptions } from './import.ts'
import { showProgress } from './output.ts'
import { sendFile } from './send-file.ts'

/** Sealed here with the keys of the console, so that nothing in the console waits for it, and sent batch by batch. */
export async function importFile(api: Api, file: string, options: ImportOptions & { host: string }): Promise<Imported> {
  const zone = zoneBy(options.zone)
  const { mtime } = await stat(file).catch((cause) => {
    throw refuse('file-unreadable', `${file} cannot be read.`, { cause })
  })
  const { keysDir } = await api.call<{ keysDir: string }>('GET', '/imports/keys')
  const pair = importPair(loadMaterial(openFolder(keysDir)).intake, options.host)
  const given = {
    ...{ path: file, kind: options.source, zone, pair, by: account(), now: Date.now },
    modifiedAt: mtime.toISOString(),
  }
  const { begun, batches, sealed } = await sendFile(api, options.host, given)
  showProgress('')
  const { sha256, bytes, records, failure } = sealed
  const { added, held } = batches
  const damaged = failure === undefined ? [] : [{ at: bytes, bytes: 0, code: 'file-unreadable', says: failure }]
  const finished: FinishImport = {
    ...{ file: basename(file).slice(0, 500), sha256, bytes, added, held, end: null, isCut: false, damaged },
  }
  await api.call('POST', `/imports/${begun.host}/end`, finished)
  const isKnown = added === 0 && failure === undefined
  const says = [...begun.says, ...(isKnown ? ['It was imported before: nothing was added.'] : [])]
  const what = { file, kind: 'file', host: begun.host, name: begun.name, sha256, bytes, records } as const
  return { ...what, batches, complete: failure === undefined, damaged, says }
}

function zoneBy(text: string | undefined): { name: string; offset: number } {
  if (text === undefined) return { name: '', offset: 0 }
  const offset = fixedOffset(text)
  if (offset === undefined && zoneOf(text) === undefined)
    throw refuse('input-malformed', `${text} is no zone: give an IANA name such as Europe/Berlin, or -05:00.`)
  return { name: text, offset: offset ?? 0 }
}
