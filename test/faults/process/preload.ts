/**
 * Loaded into a program before its own code (`node --import`): it tells each durable step of the flow by what every one
 * of them must go through (SQLite, the socket, the file, the signature), ends the process without a word at the one a
 * test names, and steps the clock. The program itself knows nothing of it.
 */
import crypto from 'node:crypto'
import fs from 'node:fs'
import { open } from 'node:fs/promises'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const root = join(import.meta.dirname, '../../..')
const { TIDEWAITER_DIE_AT = '', TIDEWAITER_CLOCK = '', TIDEWAITER_HASTE = '' } = process.env
const [doomedStep, nth = '1'] = TIDEWAITER_DIE_AT.split('#')
let left = Number(nth)

function reach(step: string): void {
  if (step === doomedStep && --left <= 0) process.kill(process.pid, 'SIGKILL')
}

/** Lets `replace` stand for a method; `this` and arguments go through unchanged. */
function wrap<Name extends string>(
  owner: Record<Name, (...values: never[]) => unknown>,
  name: Name,
  tell: (self: unknown, values: readonly unknown[], when: 'before' | 'after') => void,
): void {
  const real = owner[name]
  owner[name] = function (this: unknown, ...values: never[]) {
    tell(this, values, 'before')
    const result = real.apply(this, values)
    tell(this, values, 'after')
    return result
  }
}

let isMarking = false

/** The spool: built-in SQLite, whose calls are over when they return. */
wrap(DatabaseSync.prototype as never, 'exec', (db, [sql], when) => {
  if (!String((db as DatabaseSync).location()).endsWith('/spool.db')) return
  if (String(sql).includes('synchronous = NORMAL')) isMarking = true
  if (String(sql).includes('synchronous = FULL')) isMarking = false
  if (sql === 'COMMIT') reach(`${when} a batch is ${isMarking ? 'marked' : 'committed to the spool'}`)
})

/** The ledger: the `sqlite3` package, whose calls are over when they call back. */
const server = createRequire(join(root, 'console/server/package.json'))
const { Database } = server('sqlite3')
const { exec } = Database.prototype
Database.prototype.exec = function (sql: string, done: (...values: unknown[]) => void) {
  const isLedger = String(this.filename).includes('/segment-')
  if (isLedger && sql === 'BEGIN IMMEDIATE') reach('before a group is begun in the ledger')
  if (isLedger && sql === 'COMMIT') reach('before a group is committed to the ledger')
  return exec.call(this, sql, (...values: unknown[]) => {
    if (isLedger && sql === 'COMMIT') reach('after a group is committed to the ledger')
    done(...values)
  })
}

/** Both sides speak through one and the same package, found from where each of them stands. */
for (const place of ['agent', 'console/server']) {
  const { WebSocket } = createRequire(join(root, place, 'package.json'))('ws')
  if (WebSocket.prototype.isTold === true) continue
  WebSocket.prototype.isTold = true
  wrap(WebSocket.prototype, 'send', (_, [data], when) => {
    const word = when === 'before' ? 'is' : 'was'
    if (typeof data !== 'string') reach(`${when} a batch ${word} sent`)
    else if (data.startsWith('{"type":"ack"')) reach(`${when} an acknowledgement ${word} sent`)
  })
  wrap(WebSocket.prototype, 'emit', (_, [name, data], when) => {
    const isAck = name === 'message' && when === 'before' && String(data).startsWith('{"type":"ack"')
    if (isAck) reach('when an acknowledgement comes')
  })
}

wrap(crypto as never, 'sign', (_, __, when) => {
  if (when === 'after') reach('after a batch was signed')
})
const handle = await open('/dev/null')
wrap(Object.getPrototypeOf(handle), 'read', (_, __, when) => {
  if (when === 'before') reach('when a source is read')
})
await handle.close()
// On a volume of this machine, from a place in the file; what is read without one is of /proc.
wrap(fs as never, 'readSync', (_, values, when) => {
  if (when === 'before' && typeof values[4] === 'number') reach('when a source is read')
})

/** Who lost its connection comes again after a pause that is drawn: a short one. */
if (TIDEWAITER_HASTE !== '') {
  const { random } = Math
  Math.random = () => random() / 1_000
}

/** The clock: so many hours off as the file says, looked at anew each second. */
if (TIDEWAITER_CLOCK !== '') {
  const now = Date.now
  let aheadMs = 0
  const look = () => {
    aheadMs = Number(fs.readFileSync(TIDEWAITER_CLOCK, 'utf8')) * 3_600_000
  }
  look()
  setInterval(look, 200).unref()
  const Real = Date
  Real.now = () => now() + aheadMs
  globalThis.Date = new Proxy(Real, {
    construct: (target, values, made) =>
      Reflect.construct(
        target,
        values.length === 0 ? [now() + aheadMs] : values,
        made === globalThis.Date ? target : made,
      ),
  })
}

syncBuiltinESMExports()
