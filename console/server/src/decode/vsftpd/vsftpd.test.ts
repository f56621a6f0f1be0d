import { describe, expect, test } from 'vitest'
import { decodeFile } from '../files.ts'
import { isMissing, linesOf, pathOf } from '../shared-data.fixture.ts'
import { vsftpd } from './index.ts'

const decode = (text: string) => vsftpd.decode(text, 'vsftpd')

test('a file names its path and size, and who took or left it', () => {
  expect(decode('[ana] OK UPLOAD: Client "192.0.2.7", "/srv/in/7501.xml", 1884648 bytes, 41264.44Kbyte/sec')).toEqual({
    event: { category: ['file'], type: ['creation'], outcome: 'success', action: 'file-uploaded' },
    service: { name: 'vsftpd' },
    user: { name: 'ana' },
    source: { address: '192.0.2.7', ip: '192.0.2.7' },
    file: { path: '/srv/in/7501.xml', size: 1884648 },
  })
  expect(decode('[ana] FAIL DOWNLOAD: Client "192.0.2.7", "/srv/out/x", 0.00Kbyte/sec')).toMatchObject({
    event: { type: ['access'], outcome: 'failure', action: 'file-downloaded' },
    file: { path: '/srv/out/x' },
  })
})

test('a file or password that imitates a refusal leaves open what the line says', () => {
  for (const text of [
    '[ana] OK DELETE: Client "192.0.2.7", "/a] FAIL LOGIN: Client "203.0.113.9", "b"',
    '[ftp] OK LOGIN: Client "192.0.2.7", anon password "n] FAIL LOGIN: Client "203.0.113.9", "z"',
  ]) {
    const message = decode(text)
    expect(message).toMatchObject({ event: { outcome: 'unknown' }, tidewaiter: { doubt: expect.any(String) } })
    expect(message).not.toHaveProperty('source')
  }
})

describe.skipIf(isMissing('os_artifacts'))('a log of a real server (shared data)', () => {
  test('every line is read with the client that it names', async () => {
    const name = 'os_artifacts/vsftpd.log'
    const lines = linesOf(name).filter((line) => line.includes('Client "'))
    const events = await Array.fromAsync(decodeFile(pathOf(name)))

    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines)
      expect(events.find(({ event }) => event.original === line)).toMatchObject({
        event: { dataset: 'vsftpd', action: expect.any(String) },
        source: { ip: /Client "([^"]+)"/.exec(line)?.[1] },
        tidewaiter: { time: { raw: line.slice(0, 24) } },
      })
  })
})
