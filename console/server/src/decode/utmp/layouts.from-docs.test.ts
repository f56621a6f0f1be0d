import { describe, expect, test } from 'vitest'
import { decoderByContent } from '../index.ts'
import { eventsOf, recorded } from '../recorded.fixture.ts'
import { bytesOf, isMissing, truthOf } from '../shared-data.fixture.ts'
import { utmp } from './index.ts'
import { type Layout, layouts } from './layout.ts'
import { layoutOf } from './record.ts'

/** What struct utmp of glibc (bits/utmp.h) is on a machine; the recorded files are of x86-64. */
const machines: [string, Layout | undefined][] = [
  ['64-bit ARM', layouts.find(({ bytes, isLittle }) => bytes === 400 && isLittle)],
  ['32-bit big-endian times, as on POWER', layouts.find(({ bytes, isLittle }) => bytes === 384 && !isLittle)],
  ['s390x', layouts.find(({ bytes, isLittle }) => bytes === 400 && !isLittle)],
]

describe.each(machines)('records of %s', (_, layout = expect.fail('no layout')) => {
  const translated = (name: string) => {
    const bytes = recorded(name)
    return Array.from({ length: bytes.length / 384 }, (_, i) => asOn(layout, bytes.subarray(i * 384, (i + 1) * 384)))
  }

  test('say what the same records of x86-64 say', () => {
    for (const name of ['wtmp', 'btmp']) {
      const head = { source: `login:${name}` }
      const bytes = recorded(name)
      const usual = Array.from({ length: bytes.length / 384 }, (_, i) => bytes.subarray(i * 384, (i + 1) * 384))

      expect(eventsOf(utmp, translated(name), { head })).toEqual(eventsOf(utmp, usual, { head }))
    }
  })

  test('are told by their structure', () => {
    expect(layoutOf(Buffer.concat(translated('wtmp')))).toBe(layout)
    expect(decoderByContent(Buffer.concat(translated('wtmp'))).id).toBe('utmp')
  })
})

/** The record of x86-64 as another machine would have written it. */
function asOn({ bytes, isLittle, session, seconds, micros }: Layout, record: Buffer): Buffer {
  const made = Buffer.alloc(bytes)
  record.copy(made, 8, 8, 332)
  const put = (at: number, value: number, size: number) => {
    const number = Buffer.alloc(size)
    if (size === 8) number.writeBigInt64LE(BigInt(value))
    else number.writeIntLE(value, 0, size)
    if (!isLittle) number.reverse()
    number.copy(made, at)
  }
  for (const at of [0, 332, 334]) put(at, record.readInt16LE(at), 2)
  put(4, record.readInt32LE(4), 4)
  const integers = [session ?? expect.fail('no session'), seconds, micros]
  for (const [i, { at, size }] of integers.entries()) put(at, record.readInt32LE(336 + i * 4), size)
  record.copy(made, (micros.at ?? 0) + micros.size, 348, 364)
  return made
}

describe.skipIf(isMissing('macos'))('utmpx of a Mac (shared data)', () => {
  const records = () => {
    const bytes = bytesOf('macos/utmpx_mac')
    return Array.from({ length: bytes.length / 628 }, (_, i) => bytes.subarray(i * 628, (i + 1) * 628))
  }

  test('is told by its first record, and gives as many events as others read in it', () => {
    const [truth] = truthOf('macos').files.utmpx_mac.plaso_tests

    expect(decoderByContent(bytesOf('macos/utmpx_mac')).id).toBe('utmp')
    expect(eventsOf(utmp, records())).toHaveLength(truth.event_data)
    expect(eventsOf(utmp, records()).filter(({ error }) => error !== undefined)).toEqual([])
  })

  test('holds the boot and the sign-ins', () => {
    expect(eventsOf(utmp, records())).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: expect.objectContaining({ action: 'boot' }) }),
        expect.objectContaining({ event: expect.objectContaining({ action: 'sign-in' }), user: { name: 'moxilo' } }),
      ]),
    )
  })
})
