import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import type { Deps } from './deps.ts'
import { openStore, type Store } from './store/store.ts'

let folder: string
let store: Store
let app: FastifyInstance
/** More than a connection takes that nobody reads from. */
const content = randomBytes(16 * 1024 * 1024)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-app-'))
  store = await openStore({ file: ':memory:' })
  const path = join(folder, 'package.zip')
  writeFileSync(path, content)
  const packages = {
    file: async () => ({ path, fileName: 'package.zip', bytes: content.length }),
    // An answer that never comes: when it is given up, the limit of every other route is over as well.
    get: () => new Promise(() => undefined),
  }
  // What the routes that are asked here reach for.
  const deps = { packages, store, log: pino({ level: 'silent' }), now: Date.now } as unknown as Deps
  app = await buildApp(deps, 'account', { handlerMs: 200, bodyMs: 100 })
  await app.listen({ port: 0, host: '127.0.0.1' })
})

afterEach(async () => {
  await app.close()
  await store.destroy()
  rmSync(folder, { recursive: true, force: true })
})

test('a package is downloaded to its end, however slowly it is read', async () => {
  const download = await answerTo(ask('GET', '/packages/p1/download'))
  const slow = await answerTo(ask('GET', '/packages/p1'))

  const hash = createHash('sha256')
  for await (const part of download) hash.update(part)

  expect([slow.statusCode, download.statusCode]).toEqual([500, 200])
  expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
})

test('a list of indicators may take its time to arrive, what has a small body may not', async () => {
  const list = JSON.stringify({ text: '203.0.113.7', source: 'notice', dryRun: true })
  const upload = ask('POST', '/indicators/import', list.length)
  upload.write(list.slice(0, 10))
  const token = ask('POST', '/tokens', 100)
  token.write('{')

  await expect(once(token, 'response')).rejects.toThrow('socket hang up')
  upload.end(list.slice(10))

  const answer = await answerTo(upload)
  expect(JSON.parse(await text(answer))).toMatchObject({ read: 1, added: 1 })
})

function ask(method: string, path: string, bytes?: number) {
  // An address of a TCP server that listens.
  const { port } = app.server.address() as AddressInfo
  const headers = bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes }
  const asked = request({ port, method, path: `/api/v1${path}`, headers })
  if (bytes === undefined) asked.end()
  return asked
}

async function answerTo(asked: ReturnType<typeof request>): Promise<IncomingMessage> {
  return (await once(asked, 'response'))[0]
}
