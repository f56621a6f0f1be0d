import { NewPassword, NewPerson, Person, Role } from '@tidewaiter/protocol/api'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { refuse } from '../error.ts'
import { who } from '../people/door.ts'
import { addPerson, disablePerson, listPeople, setPassword } from '../people/people.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f-]{36}$' }) })

/** Who may sign in. */
export const people: Route = async (app, { store, now }) => {
  const administer = { needs: 'administer' } as const
  const by = (request: FastifyRequest) => ({ who: who(request), at: new Date(now()).toISOString() })
  app.get(
    '/people',
    { config: { needs: 'read' }, schema: { response: { 200: Type.Object({ rows: Type.Array(Person) }) } } },
    async () => ({ rows: await listPeople(store) }),
  )
  app.post(
    '/people',
    {
      config: administer,
      schema: {
        body: NewPerson,
        response: { 200: Type.Object({ id: Type.String(), email: Type.String(), role: Role }) },
      },
    },
    async (request) => {
      const { email, role } = request.body
      const id = await addPerson(store, request.body, by(request))
      return { id, email: email.toLowerCase(), role }
    },
  )
  app.post(
    '/people/:id/password',
    { config: administer, schema: { params: Id, body: NewPassword, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await setPassword(store, request.params.id, request.body.password, by(request))
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/people/:id/disable',
    { config: administer, schema: { params: Id, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { id } = request.params
      // So that there is always an admin left who could let somebody in again.
      if (id === request.me?.id) throw refuse('not-permitted', 'Nobody can end their own access.')
      await disablePerson(store, id, by(request))
      return reply.code(204).send(null)
    },
  )
}
