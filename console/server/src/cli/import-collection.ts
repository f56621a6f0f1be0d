import { basename } from 'node:path'
import { toBase64 } from '@tidewaiter/protocol'
import type { BegunImport, FinishImport, TakenBatch } from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import { readCollectionFile } from '../intake/read-collection.ts'
import { collectionPair } from '../keys/derived.ts'
import { loadSecrets } from '../keys/secrets.ts'
import type { Api } from './api.ts'
import type { Imported, ImportOptions } from './import.ts'
import { showProgress } from './output.ts'
import { askSecret } from './secret.ts'

/** Batches come one at a time: each is on disk before the next is read. */
export async function importCollection(api: Api, file: string, options: ImportOptions): Promise<Imported> {
  const batches = { added: 0, held: 0, beside: 0 }
  let begun: BegunImport | undefined
  const report = await readCollectionFile(file, {
    identity: () => identityFor(api, options),
    async opens(_, bytes) {
      begun = await api.call<BegunImport>('POST', '/imports', { opening: toBase64(bytes) })
    },
    async takes({ bytes, header }) {
      const { is } = await api.send<TakenBatch>(`/imports/${header.host}/batches`, bytes)
      batches[is] += 1
    },
    progress: (done, of) => showProgress(`${Math.floor((done / of) * 100)} %`),
  })
  showProgress('')
  const { opening, end, damaged, missing, sha256, bytes, records } = report
  const { name = opening.name, says = [] } = begun ?? {}
  const finished: FinishImport = {
    file: basename(file).slice(0, 500),
    ...{ sha256, bytes, added: batches.added + batches.beside, held: batches.held },
    end: end === undefined ? null : toBase64(end.bytes),
    isCut: end === undefined,
    damaged,
  }
  await api.call('POST', `/imports/${opening.host}/end`, finished)
  const isWhole = end !== undefined && damaged.length === 0 && missing === 0
  return {
    ...{ file, kind: 'collection', host: opening.host, name, sha256, bytes, records, batches, damaged },
    complete: isWhole,
    says: [
      ...says,
      ...(end === undefined ? ['The file was cut off: what stands before that was taken.'] : []),
      ...(end?.said.complete === false
        ? [`The collection was stopped early: ${end.said.why ?? 'no reason given'}`]
        : []),
      ...(missing > 0 ? [`${counted(missing, 'batch is', 'batches are')} missing in it.`] : []),
    ],
  }
}

async function identityFor(api: Api, { recovery }: ImportOptions): Promise<string> {
  if (recovery !== undefined) return (await askSecret('Recovery key', recovery)).trim().toUpperCase()
  const { keysDir } = await api.call<{ keysDir: string }>('GET', '/imports/keys')
  return collectionPair(loadSecrets(keysDir).masterKey).identity
}
