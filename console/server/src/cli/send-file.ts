import { isImport } from '@tidewaiter/protocol'
import type { BegunImport, TakenBatch } from '@tidewaiter/protocol/api'
import { isRefusal } from '../error.ts'
import { type FileToSeal, type SealedFile, sealFile } from '../intake/seal-file.ts'
import type { Api } from './api.ts'
import type { Imported } from './import.ts'
import { showProgress } from './output.ts'

/** So often another import for the same name may come in between. */
const mostBeginnings = 100

interface Sent {
  begun: BegunImport
  batches: Imported['batches']
  sealed: SealedFile
}

/**
 * Seals a file and sends it batch by batch; where another import for the same name was first, it goes on behind that.
 * @throws `chain-fork` where others come in between without end: what was sent is held
 */
export async function sendFile(
  api: Pick<Api, 'call' | 'send'>,
  name: string,
  given: Omit<FileToSeal, 'tip' | 'places'>,
): Promise<Sent> {
  const batches = { added: 0, held: 0, beside: 0 }
  let records = 0
  const send = async (begun: BegunImport): Promise<SealedFile> => {
    const places = new Map(begun.places.map(({ id, next }) => [id, next]))
    const sealing = sealFile({ ...given, tip: begun.tip, places })
    for (;;) {
      const { done, value } = await sealing.next()
      if (done === true) return { ...value, records }
      const { is } = await api.send<TakenBatch>(`/imports/${begun.host}/batches`, value.bytes)
      batches[is] += 1
      for (const { id, count } of value.header.sources) if (!isImport(id)) records += count
      showProgress(`${batches.added} batches`)
    }
  }
  for (let beginnings = 1; ; beginnings++) {
    const begun = await api.call<BegunImport>('POST', '/imports', { name })
    try {
      return { begun, batches, sealed: await send(begun) }
    } catch (cause) {
      const isOvertaken = isRefusal(cause) && cause.code === 'chain-fork'
      if (!isOvertaken || beginnings === mostBeginnings) throw cause
    }
  }
}
