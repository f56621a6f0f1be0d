import { expect, test } from 'vitest'
import { refuse } from '../error.ts'
import { newSealingHost } from './host.fixture.ts'
import type { Entry, LedgerReader } from './ledger.ts'
import { openPayloads } from './payloads.ts'

test('every payload is opened, and those that do not open or are not what was signed are named', () => {
  const host = newSealingHost()
  const batches = Array.from({ length: 6 }, () => host.seal())
  const other = host.seal(['another line'])
  const reader = readerOf(
    batches.map(({ headerBytes, payload }, position) => ({
      entry: { position, headerBytes } as Entry,
      payload: position === 1 ? other.payload : position === 4 ? undefined : payload,
    })),
  )

  expect(openPayloads(reader)).toEqual({ read: 6, unreadable: 2, first: [1, 4] })
})

/** Two at a time, as a child process gets them; what does not open ends what stands before it. */
function readerOf(all: { entry: Entry; payload: Uint8Array | undefined }[]): LedgerReader {
  return {
    size: () => all.length,
    read(position) {
      if (all[position]?.payload === undefined) throw refuse('payload-unreadable', 'It does not open.')
      const end = all.findIndex(({ payload }, i) => i > position && payload === undefined)
      const rest = all.slice(position, end < 0 ? position + 2 : Math.min(end, position + 2))
      return rest.map(({ entry, payload = new Uint8Array(0) }) => ({ entry, payload }))
    },
    entry: (position) => all[position]?.entry,
    close() {},
  }
}
