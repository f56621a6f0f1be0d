import { generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseServer } from '@tidewaiter/protocol'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { newDatabaseReader } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-hostile-'))
const passwordFile = join(folder, 'password')
writeFileSync(passwordFile, 'secret-one\n', { mode: 0o600 })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a server on this machine that does `serve` makes of the agent's questions, and all that it was told. */
async function asked(engine: DatabaseServer['engine'], serve: (socket: Socket) => void, limitMs = 20_000) {
  let told = ''
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      told += bytes.toString('latin1')
    })
    serve(socket)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const asked = { name: 'broker', engine, host: '127.0.0.1', port, user: 'tidewaiter', passwordFile }
  const answer = await newDatabaseReader(undefined, limitMs)(asked, new AbortController().signal)
  expect(JSON.stringify(answer)).not.toContain('secret-one')
  return { answer, told }
}

/** A message of PostgreSQL's protocol (postgresql.org/docs/current/protocol-message-formats.html). */
function message(type: string, body: Buffer | string, length = Buffer.byteLength(body) + 4): Buffer {
  const head = Buffer.alloc(5, type)
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, Buffer.from(body)])
}

const signIn = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', 'I')])
const column = (name: string) => Buffer.concat([Buffer.from(`${name}\0`), Buffer.alloc(18)])
const columns = (...names: string[]) =>
  message('T', Buffer.concat([Buffer.from([0, names.length]), ...names.map(column)]))
const row = (...values: string[]) =>
  message(
    'D',
    Buffer.concat([Buffer.from([0, values.length]), ...values.flatMap((value) => [sizeOf(value), Buffer.from(value)])]),
  )

function sizeOf(value: string): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(Buffer.byteLength(value))
  return size
}

/** Signs everybody in, and answers the first question with `answer`. */
function postgres(answer: (socket: Socket) => void) {
  return (socket: Socket) => {
    let messages = 0
    socket.on('data', () => {
      if (++messages === 1) socket.write(signIn)
      if (messages === 2) answer(socket)
    })
  }
}

function endlessly(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
  }
  socket.on('drain', more)
  more()
}

test('a server that never says anything is too slow', async () => {
  for (const engine of ['postgresql', 'mysql'] as const)
    expect((await asked(engine, () => {}, 700)).answer).toMatchObject({ code: 'too-slow' })
})

test('rows without an end, a row without an end and a greeting without an end are too large', async () => {
  const rows = postgres((socket) => {
    socket.write(columns('started'))
    endlessly(socket, Buffer.concat(Array.from({ length: 100 }, () => row('x'.repeat(500)))))
  })
  const oneRow = postgres((socket) => {
    socket.write(Buffer.concat([columns('started'), message('D', '', 2 ** 30)]))
    endlessly(socket, Buffer.alloc(65_536, 1))
  })
  const greeting = (socket: Socket) => endlessly(socket, Buffer.alloc(65_536, 0xff))

  expect((await asked('postgresql', rows)).answer).toMatchObject({ code: 'too-large' })
  expect((await asked('postgresql', oneRow)).answer).toMatchObject({ code: 'too-large' })
  expect((await asked('mysql', greeting)).answer).toMatchObject({
    code: expect.stringMatching(/^(too-large|answer-malformed)$/),
  })
})

test('a server that asks for the password in clear does not get it', async () => {
  const { answer, told } = await asked('postgresql', (socket) => {
    socket.once('data', () => socket.write(message('R', Buffer.from([0, 0, 0, 3]))))
  })

  expect(answer).toMatchObject({ code: 'login-refused' })
  expect(told).not.toContain('secret-one')
})

test('words of a server are cut, and what steers a terminal is taken out of them', async () => {
  const says = `\u001b[2Jsecret-one\u202e${'x'.repeat(9_000)}`
  const { answer } = await asked('postgresql', (socket) => {
    socket.once('data', () => socket.write(message('E', `SFATAL\0C28000\0M${says}\0\0`)))
  })

  expect(answer).toEqual({ code: 'login-refused', says: expect.stringMatching(/^ \[2J\(password\) x+$/) })
})

test('a name that has no end is cut, and a counter that is no number makes its view malformed, not the others', async () => {
  const { answer } = await asked(
    'postgresql',
    postgres((socket) => {
      const first = [columns('started', 'block_size'), row('y'.repeat(5_000), '8192'), message('C', 'SELECT 1\0')]
      const second = [columns('datname', 'tup_returned'), row('broker', 'DROP TABLE'), message('C', 'SELECT 1\0')]
      const ready = message('Z', 'I')
      socket.write(Buffer.concat([...first, ready]))
      socket.on('data', () => socket.write(Buffer.concat([...second, ready])))
    }),
  )

  if ('code' in answer) throw new Error(answer.says)
  expect(answer.views[0]?.rows).toEqual([{ started: 'y'.repeat(128), block_size: 8192 }])
  expect(answer.views[1]).toMatchObject({ view: 'pg_stat_database', rows: [], missing: { code: 'answer-malformed' } })
})

test('garbage in place of a protocol is malformed, and a connection that is closed is not reachable', async () => {
  for (const engine of ['postgresql', 'mysql'] as const) {
    const garbage = await asked(engine, (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(garbage.answer).toMatchObject({
      code: expect.stringMatching(/^(answer-malformed|not-reachable|too-large)$/),
    })
    const closed = await asked(engine, (socket) => void socket.destroy())
    expect(closed.answer).toMatchObject({ code: expect.stringMatching(/^(not-reachable|answer-malformed)$/) })
  }
})

test('another machine is spoken to over TLS alone', async () => {
  const server = {
    name: 'broker',
    engine: 'postgresql',
    host: '192.0.2.1',
    caFile: join(folder, 'none'),
    user: 'x',
  } as const

  expect(await newDatabaseReader(undefined)(server, new AbortController().signal)).toMatchObject({
    code: 'tls-refused',
  })
})

/** A packet of MySQL's protocol (dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html). */
function packet(number: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUIntLE(body.length, 0, 3)
  head[3] = number
  return Buffer.concat([head, body])
}

/** Protocol 4.1 with plugins, and files of the client. */
function greeting(plugin: string): Buffer {
  const low = Buffer.from([0x80, 0xa2, 0x21, 2, 0, 8, 0, 21, ...Buffer.alloc(10)])
  return packet(
    0,
    Buffer.concat([Buffer.from('\n8.0.0\0\x01\0\0\0aaaaaaaa\0'), low, Buffer.from(`bbbbbbbbbbbb\0${plugin}\0`)]),
  )
}

/** Greets, and answers each packet of the client with the next of these. */
function mysql(plugin: string, answers: readonly Buffer[]) {
  return (socket: Socket) => {
    let next = 0
    socket.write(greeting(plugin))
    socket.on('data', () => {
      const answer = answers[next++]
      if (answer !== undefined) socket.write(answer)
    })
  }
}

const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0])

test('a server that asks for a file of this machine does not get it', async () => {
  const file = packet(1, Buffer.from(`\xfb${passwordFile}`, 'latin1'))
  const { answer, told } = await asked('mysql', mysql('mysql_native_password', [packet(2, ok), file]), 2_000)

  expect(answer).toHaveProperty('code')
  expect(told).not.toContain('secret-one')
})

test('a server that brings a key of its own does not get the password sealed with it', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = Buffer.concat([Buffer.from([1]), Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }))])
  const plugin = Buffer.from(`\xfecaching_sha2_password\0${'a'.repeat(20)}\0`, 'latin1')
  const answers = [packet(2, plugin), packet(4, Buffer.from([1, 4])), packet(6, key)]
  const { answer, told } = await asked('mysql', mysql('caching_sha2_password', answers), 2_000)

  expect(answer).toMatchObject({ code: 'login-refused', says: expect.stringContaining('nobody certified') })
  expect(() => privateDecrypt(privateKey, Buffer.from(told, 'latin1').subarray(-256))).toThrow()
})
