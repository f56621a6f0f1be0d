import { KeyCard, RecoveryKit } from '@tidewaiter/protocol/api'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { refuse } from '../error.ts'
import { handOutRecovery, renewRecovery } from '../keys/hand-out.ts'
import { recordAlone } from '../people/audit.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Rotated = Type.Union([Type.Literal('ledger'), Type.Literal('package')])

/** Public halves and fingerprints; private keys leave only sealed. Each act is in the audit log before it is done. */
export const keys: Route = async (app, { keys, store, now }) => {
  const administer = { needs: 'administer' } as const
  const by = (request: FastifyRequest) => ({ who: who(request), at: new Date(now()).toISOString() })
  app.get(
    '/keys',
    { config: { needs: 'read' }, schema: { response: { 200: Type.Object({ rows: Type.Array(KeyCard) }) } } },
    async () => ({ rows: keys.cards() }),
  )
  app.post(
    '/keys/export',
    {
      config: administer,
      schema: {
        body: Type.Object(
          { passphrase: Type.String({ minLength: 12, maxLength: 1024 }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ sealed: Type.String() }) },
      },
    },
    async (request) => {
      await recordAlone(store, { ...by(request), act: 'keys.export', data: {} })
      return { sealed: Buffer.from(await keys.exportKeys(request.body.passphrase)).toString('base64') }
    },
  )
  app.post('/keys/recovery', { config: administer, schema: { response: { 200: RecoveryKit } } }, (request) =>
    handOutRecovery({ store, keys }, by(request)),
  )
  app.post('/keys/recovery/renew', { config: administer, schema: { response: { 200: RecoveryKit } } }, (request) =>
    renewRecovery({ store, keys }, by(request)),
  )
  app.post(
    '/keys/recovery/file',
    { config: administer, schema: { response: { 200: Type.Pick(RecoveryKit, ['recoveryFile']) } } },
    async (request) => {
      await recordAlone(store, { ...by(request), act: 'keys.recovery-file', data: {} })
      return { recoveryFile: Buffer.from(keys.recovery.file()).toString('base64') }
    },
  )
  app.post(
    '/keys/rotate',
    {
      config: administer,
      schema: {
        body: Type.Object({ name: Rotated }, { additionalProperties: false }),
        response: { 200: KeyCard },
      },
    },
    async (request) => {
      const { name } = request.body
      await recordAlone(store, { ...by(request), act: 'keys.rotate', data: { name } })
      await keys.rotate(name)
      const card = keys.cards().find((known) => known.name === name)
      if (card === undefined) throw refuse('not-found', `There is no key ${name}.`)
      return card
    },
  )
}
