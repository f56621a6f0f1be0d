import Type from 'typebox'
import { recordAlone } from '../people/audit.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Begun = Type.Object({
  /** Folder of the keys, which a backup holds and is sealed to. */
  keysDir: Type.String(),
  /** Public half of the recovery key; null while nobody has taken the private one. */
  recipient: Type.Union([Type.String(), Type.Null()]),
})

/** A backup is made by the command itself, from the folders; here it is said who makes one, and what it came to. */
export const backups: Route = async (app, { store, keys, now }) => {
  const administer = { needs: 'administer' } as const
  app.post('/backups', { config: administer, schema: { response: { 200: Begun } } }, async (request) => {
    await recordAlone(store, { who: who(request), at: new Date(now()).toISOString(), act: 'backup.begin', data: {} })
    return { keysDir: keys.dir, recipient: keys.recovery.waits() ? null : keys.recovery.recipient() }
  })
  app.post(
    '/backups/made',
    {
      config: administer,
      schema: {
        body: Type.Object(
          {
            sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
            bytes: Type.Integer({ minimum: 0 }),
            ledger: Type.String({ pattern: '^[0-9a-f]{32}$' }),
            size: Type.Integer({ minimum: 0 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({}) },
      },
    },
    async (request) => {
      const data = request.body
      await recordAlone(store, { who: who(request), at: new Date(now()).toISOString(), act: 'backup.made', data })
      return {}
    },
  )
}
