import { readdirSync } from 'node:fs'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import type { Deps } from '../deps.ts'
import { may, type Permission } from '../people/roles.ts'
import { routes } from './index.ts'

/** What a browser may ask for before anybody is signed in. */
const open = ['GET /setup', 'POST /setup', 'GET /me', 'POST /session']

test('every file of a resource is in the list', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) => !/\.(test|fixture)\.ts$|^(index|route)\.ts$/.test(name),
  )

  expect(routes).toHaveLength(files.length)
})

test('every route says what a person must be allowed to, but for set-up and sign-in', async () => {
  const found = await declared()

  expect(found.filter(({ needs }) => needs === undefined).map(({ name }) => name)).toEqual(open)
})

test('what changes something is never allowed to an auditor', async () => {
  const found = await declared()

  const changing = found.filter(({ name, needs }) => !name.startsWith('GET') && needs !== undefined)
  expect(changing.filter(({ needs }) => needs !== undefined && may('auditor', needs)).map(({ name }) => name)).toEqual([
    'DELETE /session',
  ])
})

async function declared(): Promise<{ name: string; needs: Permission | undefined }[]> {
  const app = Fastify()
  const found: { name: string; needs: Permission | undefined }[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method !== 'HEAD') found.push({ name: `${method} ${url}`, needs: config?.needs })
  })
  // Registering alone reaches for no part of the console.
  for (const route of routes) await app.register(route, {} as Deps)
  await app.ready()
  await app.close()
  return found
}
