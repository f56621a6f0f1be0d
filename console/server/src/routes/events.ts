import { type ChunkHead, fromBase64, toBase64 } from '@tidewaiter/protocol'
import { EventPage, EventQuery, Histogram, RecordDetail, RecordLine, SearchCoverage } from '@tidewaiter/protocol/api'
import Type from 'typebox'
import { hideBytes, privateNumbersIn } from '../index/hide-bytes.ts'
import { hideDocument } from '../index/hide-document.ts'
import { openPrivacy } from '../index/private-numbers.ts'
import { readRecord } from '../ledger/record.ts'
import { recordAlone } from '../people/audit.ts'
import { who } from '../people/door.ts'
import type { Store } from '../store/store.ts'
import type { Route } from './route.ts'

const RecordId = Type.Object({
  host: Type.String({ maxLength: 41 }),
  seq: Type.String({ maxLength: 15 }),
  index: Type.String({ maxLength: 9 }),
})
const idOf = ({ host, seq, index }: Type.Static<typeof RecordId>) => `${host}/${seq}/${index}`

/** A line shows so many bytes. Twice as many are looked through, so that no number is cut in two at the end. */
const lineBytes = 2048

/** Search over events, and single records from the ledger with their proof. */
export const events: Route = async (app, { index, ledger, store, keys, now }) => {
  const config = { needs: 'read' } as const
  app.get('/events', { config, schema: { querystring: EventQuery, response: { 200: EventPage } } }, ({ query }) =>
    index.search(query),
  )
  app.get(
    '/events/histogram',
    { config, schema: { querystring: EventQuery, response: { 200: Histogram } } },
    ({ query }) => index.histogram(query),
  )
  app.get(
    '/events/coverage',
    { config, schema: { querystring: EventQuery, response: { 200: SearchCoverage } } },
    ({ query }) => index.scope(query),
  )
  // Opening a record shows clear text, so it is an act (evidence.md 11): the line stands before anything is shown.
  app.get(
    '/records/:host/:seq/:index',
    { config, schema: { params: RecordId, response: { 200: RecordDetail } } },
    async (request) => {
      const record = idOf(request.params)
      const { entry, proof, head, position, bytes } = await readRecord(ledger, record)
      const privateNumbers = privateNumbersIn(fromBase64(bytes) ?? new Uint8Array(0))
      const at = new Date(now()).toISOString()
      await recordAlone(store, { who: who(request), at, act: 'record.open', data: { record, privateNumbers } })
      return {
        event: (await index.eventsOf(record))[0] ?? null,
        record,
        // The line was checked when the batch was opened.
        head: JSON.parse(head) as ChunkHead,
        position,
        bytes,
        proof,
        ...(await sealedBy(store, request.params.host)),
        ledgerPosition: entry.position,
        receivedAt: new Date(entry.receivedAtMs).toISOString(),
      }
    },
  )
  app.get(
    '/records/:host/:seq/:index/line',
    { config, schema: { params: RecordId, response: { 200: RecordLine } } },
    async ({ params }) => {
      const record = idOf(params)
      const { entry, bytes: sealed } = await readRecord(ledger, record)
      const privacy = openPrivacy(keys.indexKey)
      const [event] = await index.eventsOf(record)
      const bytes = fromBase64(sealed) ?? new Uint8Array(0)
      return {
        event: event === undefined ? null : { ...event, document: hideDocument(event.document, privacy) },
        record,
        bytes: toBase64(hideBytes(bytes.subarray(0, 2 * lineBytes), privacy).subarray(0, lineBytes)),
        isCut: bytes.length > lineBytes,
        receivedAt: new Date(entry.receivedAtMs).toISOString(),
      }
    },
  )
}

/** The key the reader's own browser checks the proof with. `host` may name a fork of a host: the key is the same. */
async function sealedBy(store: Store, host: string): Promise<{ publicKey?: string }> {
  const [id = ''] = host.split('~')
  const row = await store.selectFrom('host').select('public_key').where('id', '=', id).executeTakeFirst()
  return row === undefined ? {} : { publicKey: Buffer.from(row.public_key).toString('base64') }
}
