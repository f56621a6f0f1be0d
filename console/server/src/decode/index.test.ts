import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decoderByContent, decoderById, decoders, messageDecoders } from './index.ts'
import { recorded, recordedChunks } from './recorded.fixture.ts'

test('every folder is a decoder of the lists, and every decoder has its folder', () => {
  const entries = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'fixtures').map(({ name }) => name)

  expect([...decoders, ...messageDecoders].map(({ id }) => id).sort()).toEqual(folders.sort())
})

test('a decoder is found by its id, and an id that none has is refused by name', () => {
  for (const decoder of decoders) expect(decoderById(decoder.id)).toBe(decoder)

  expect(() => decoderById('sshd')).toThrow(expect.objectContaining({ code: 'input-malformed' }))
})

test('the sources of agents go to the decoders made for them', () => {
  const of = (source: string) => decoders.find((decoder) => decoder.reads({ ...headOf('x'), source }))?.id

  expect(of('log-file:/var/log/auth.log')).toBe('syslog')
  expect(of('log-file:/var/log/syslog.1')).toBe('syslog')
  expect(of('log-file:/srv/app/own.txt')).toBe('text')
  expect(of('journal:system')).toBe('journald')
  expect(of('login:btmp')).toBe('utmp')
  expect(of('process')).toBe('process')
  expect(of('socket')).toBe('socket')
  expect(of('interface')).toBe('interface')
  expect(of('inventory')).toBe('inventory')
  expect(of('agent:task')).toBe('agent')
})

test('a file is known by what it holds', () => {
  const of = (bytes: Uint8Array) => decoderByContent(bytes).id

  for (const name of ['iso.log', 'classic.log', 'rfc5424.log']) expect(of(recorded(name))).toBe('syslog')
  for (const name of ['utmp', 'wtmp', 'btmp']) expect(of(recorded(name))).toBe('utmp')
  expect(of(recorded('journal.export').subarray(0, 65_536))).toBe('journald')
  for (const source of ['process', 'socket', 'interface', 'inventory'])
    expect(of(Buffer.from(recordedChunks(source)[0]?.records.join('\n') ?? ''))).toBe(source)
  expect(of(Buffer.from('{"kind":"started","at":"2026-11-25T19:00:00.000Z"}\n'))).toBe('agent')
  expect(of(Buffer.from('neither this nor that\n'))).toBe('text')
  expect(of(Buffer.alloc(384))).toBe('text')
})

function headOf(source: string) {
  return { ...(recordedChunks('process')[0]?.head ?? expect.fail('no recording')), source }
}
