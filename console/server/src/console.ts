import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import pino, { type Logger } from 'pino'
import { announce } from './announce.ts'
import { buildApp } from './app.ts'
import { refuseUnfinished } from './backup/workshop.ts'
import { openCollect } from './collect/collect.ts'
import type { Deps } from './deps.ts'
import { detectorCards } from './detect/cards.ts'
import { findingsOf } from './detect/decide.ts'
import { startEngine } from './detect/engine.ts'
import { detectors } from './detect/index.ts'
import { openIndex } from './index/open.ts'
import { openKeys } from './keys/keys.ts'
import { openArtifacts } from './ledger/artifacts.ts'
import { beginningOf } from './ledger/beginning.ts'
import { openLedger } from './ledger/open.ts'
import { openLive } from './live.ts'
import { makeFolder } from './make-folder.ts'
import { named } from './named.ts'
import { openPackages } from './package/packages.ts'
import { newSetupCode } from './people/setup.ts'
import { lockData } from './store/lock.ts'
import { openStore } from './store/store.ts'
import { openVault } from './store/vault.ts'

export interface Console {
  deps: Deps
  /** The API for the OS account this process runs as. */
  app: FastifyInstance
  close(): Promise<void>
}

export interface ConsoleOptions {
  data: string
  /** Inside the data folder when left out. */
  keys?: string | undefined
  /** postgres://… for the store; embedded when left out. */
  database?: string | undefined
  /** Where log lines go; nowhere when left out: a command, not a server. */
  logTo?: pino.DestinationStream | undefined
}

/**
 * Opens everything a console is made of, in the order in which one part needs the other, and holds the data folder
 * until it is closed. What was opened is closed again when a later part refuses.
 * @throws `data-locked`, `data-unusable`, `database-unreachable`, `keys-damaged`, `ledger-damaged`, `disk-full`,
 * `not-permitted`
 */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const { data } = options
  const opened: (() => Promise<unknown>)[] = []
  const closing = <Part>(part: Part, close: (part: Part) => Promise<unknown>): Part => {
    opened.push(() => close(part))
    return part
  }
  const close = async () => {
    for (const next of opened.splice(0).reverse()) await next()
  }
  try {
    makeFolder(data)
    const isServed = options.logTo !== undefined
    closing(await lockData(data, isServed ? 'console' : 'command'), (unlock) => unlock())
    refuseUnfinished(data)
    const deps = await openParts(options, closing)
    const app = closing(await buildApp(deps, 'account'), (parts) => parts.close())
    return { deps, app, close }
  } catch (error) {
    await close()
    throw named(error, options)
  }
}

type Closing = <Part>(part: Part, close: (part: Part) => Promise<unknown>) => Part

async function openParts({ data, keys: keysDir, database, logTo }: ConsoleOptions, closing: Closing): Promise<Deps> {
  const now = Date.now
  const log = openLog(logTo)
  const live = openLive()
  // First what may not be there: a server that does not answer leaves no keys behind.
  const where = database === undefined ? { file: join(data, 'console.db') } : { url: database }
  const store = closing(await openStore(where), (part) => part.destroy())
  const ledgerDir = join(data, 'ledger')
  const hasLedger = existsSync(ledgerDir)
  const keysPath = keysDir ?? join(data, 'keys')
  const beginning = beginningOf(data, ledgerDir, keysPath)
  const keys = await openKeys(keysPath, now, { mayCreate: !hasLedger && !beginning.isAgain })
  const vault = openVault(keys.masterKey)
  const beginsAgain = beginning.isAgain
  const ledger = closing(await openLedger({ dir: ledgerDir, keys, now, beginsAgain }), (part) => part.close())
  if (beginsAgain) beginning.done()
  const index = closing(
    await openIndex({ dir: join(data, 'index'), ledgerDir, keys, store, ledger, detectors, log, now }),
    (part) => part.close(),
  )
  const parts = { data, keys, store, vault, ledger, index, live, log, now }
  closing(startEngine({ ...parts, detectors }), (engine) => engine.close())
  const packages = closing(
    await openPackages({
      ...parts,
      findings: (ids) => findingsOf(store, ids),
      detectors: () => detectorCards(store, index.windows),
    }),
    (part) => part.close(),
  )
  const artifacts = openArtifacts({ dir: ledgerDir, masterKey: keys.masterKey })
  const collect = closing(await openCollect({ ...parts, artifacts }), (part) => part.close())
  closing(announce(parts), async (stop) => stop())
  return { ...parts, receive: null, heads: null, packages, collect, setupCode: newSetupCode(now()) }
}

function openLog(logTo: pino.DestinationStream | undefined): Logger {
  return logTo === undefined ? pino({ level: 'silent' }) : pino({ base: null }, logTo)
}
