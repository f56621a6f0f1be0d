import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../keys/folder.ts'
import { hasMaterial } from '../keys/material.ts'

/** Says in the data folder that a ledger begins again, until its first entry says so. */
const mark = 'ledger-begins-again'

/** A ledger that begins again from the keys of a console that lost all else. */
export interface Beginning {
  isAgain: boolean
  /** Its first entry is committed. */
  done(): void
}

/**
 * Keys without a ledger are those of a console that lost all else. That is written down, durably, before there is any
 * ledger: a start that ends half way (a full disk, a kill) leaves one that would look like a new console's, which knows
 * no host and would never take one back.
 */
export function beginningOf(data: string, ledgerDir: string, keysDir: string): Beginning {
  const file = join(data, mark)
  const isAgain = existsSync(file) || (!existsSync(ledgerDir) && hasMaterial(keysDir))
  if (isAgain && !existsSync(file)) {
    const handle = openSync(file, 'w', 0o600)
    fsyncSync(handle)
    closeSync(handle)
    syncFolder(data)
  }
  return {
    isAgain,
    done() {
      rmSync(file, { force: true })
      syncFolder(data)
    },
  }
}
