import { HostId, SignedHead, Time } from '@tidewaiter/protocol'
import Type from 'typebox'
import { inWords, refeedOf } from '../receive/refeed.ts'
import type { Route } from './route.ts'

const Count = Type.Integer({ minimum: 0 })

/** What hosts hold of this ledger, for whoever compares it with the ledger itself (`tidewaiter verify --ledger`). */
const Witnesses = Type.Object({
  /** SPKI, base64, of the keys that sign heads, newest first; id under which the console seals what it says itself. */
  ledgerKeys: Type.Array(Type.String()),
  consoleKey: Type.String(),
  hosts: Type.Array(
    Type.Object({
      id: HostId,
      name: Type.String(),
      /** Only an agent holds heads: what was brought was shown none. */
      isAgent: Type.Boolean(),
      /** SPKI, base64. */
      publicKey: Type.String(),
      connected: Type.Boolean(),
      /** Newest head it holds, as it says while it is connected. */
      witness: Type.Union([SignedHead, Type.Null()]),
    }),
  ),
  refeed: Type.Union([
    Type.Object({
      restored: Type.Union([Count, Type.Null()]),
      before: Type.Union([Type.String(), Type.Null()]),
      at: Time,
      seen: Type.Union([Count, Type.Null()]),
      lacked: Count,
      refed: Count,
      gone: Count,
      hosts: Count,
      says: Type.String(),
    }),
    Type.Null(),
  ]),
})

export const witnesses: Route = async (app, deps) => {
  app.get('/witnesses', { config: { needs: 'read' }, schema: { response: { 200: Witnesses } } }, async () => {
    const { store, keys, receive } = deps
    const rows = await store.selectFrom('host').select(['id', 'name', 'kind', 'public_key']).orderBy('no').execute()
    const refeed = await refeedOf(deps)
    const ledgerKeys = [
      keys.publicKey('ledger'),
      ...keys
        .retired('ledger')
        .map(({ publicKey }) => publicKey)
        .toReversed(),
    ]
    return {
      ledgerKeys: ledgerKeys.map(toText),
      consoleKey: toText(keys.publicKey('intake')),
      hosts: rows.map(({ id, name, kind, public_key: publicKey }) => {
        const standing = receive?.standing(id)
        const connected = standing?.isConnected ?? false
        return {
          id,
          name,
          isAgent: kind === 'agent',
          publicKey: toText(publicKey),
          connected,
          witness: connected ? (standing?.witness ?? null) : null,
        }
      }),
      refeed: refeed === undefined ? null : { ...refeed, says: inWords(refeed) },
    }
  })
}

function toText(key: Uint8Array): string {
  return Buffer.from(key).toString('base64')
}
