import { hash } from 'node:crypto'
import { openLedgerReader } from './reader.ts'

/** Prints `<header hash> <payload hash>` of every entry. Run by a test as a process of its own. */
const [, , dir = '', masterKey = ''] = process.argv
const reader = openLedgerReader(dir, Buffer.from(masterKey, 'hex'))
let position = 0
while (position < reader.size())
  for (const { entry, payload } of reader.read(position, 100_000)) {
    process.stdout.write(`${entry.headerHash} ${hash('sha256', payload)}\n`)
    position = entry.position + 1
  }
reader.close()
