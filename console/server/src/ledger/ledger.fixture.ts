import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type KeyPair, newKeyPair, signWith } from '../keys/key-pair.ts'
import { type LedgerOptions, openLedger } from './open.ts'

/** A folder that is gone after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Ledger keys without a folder. */
export function newLedgerKeys(masterKey = new Uint8Array(32).fill(7)): LedgerOptions['keys'] & { pair: KeyPair } {
  const pair = newKeyPair()
  return {
    pair,
    masterKey,
    publicKey: () => pair.publicKey,
    retired: () => [],
    sign: (_name, data) => signWith(pair, data),
  }
}

export const receivedAtMs = Date.parse('2026-11-24T12:00:01.000Z')

/** Opens a ledger that is closed after the test. */
export async function openTestLedger(options: Partial<LedgerOptions> & { dir: string }) {
  const ledger = await openLedger({ keys: newLedgerKeys(), now: () => receivedAtMs, ...options })
  let isOpen = true
  const close = async () => {
    if (isOpen) await ledger.close()
    isOpen = false
  }
  onTestFinished(close)
  return { ...ledger, close }
}
