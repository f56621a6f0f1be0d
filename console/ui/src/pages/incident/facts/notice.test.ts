import type { Fact } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { bytesOfBase64 } from '../../../ui/base64.ts'
import { noticeEml, noticeOf, noticeText } from './notice.ts'

test('times are said in UTC, whatever zone they were entered in', () => {
  const { lines } = noticeOf([fact('incident.occurredAt', '2026-10-26T09:12-04:00/2026-10-29T10:55Z', 'time')], {
    met: 0,
    broker: '',
  })

  expect(lines[0]?.text).toBe('2026-10-26 13:12Z to 2026-10-29 10:55Z')
})

test('importer numbers are counted and never spelled out', () => {
  const text = noticeText(
    noticeOf([fact('importerNumbers', '**-***0123\n***-**-4320', 'list')], { met: 0, broker: '' }),
  )

  expect(text).toContain('2 known.')
  expect(text).not.toContain('4320')
})

test('what is not known is said, not left out', () => {
  const { lines } = noticeOf([{ ...fact('cause', '', 'text'), state: 'not-known-yet' }], { met: 0, broker: '' })

  expect(lines[0]).toEqual({ label: 'cause', text: 'Not known yet', isKnown: false })
})

test('known indicators stand where CBP lists them', () => {
  const pii = { ...fact('pii', 'confirmed', 'choice'), section: 'Personal information' }
  const labels = (facts: Fact[]) => noticeOf(facts, { met: 1, broker: '' }).lines.map(({ label }) => label)

  expect(labels([pii, fact('sites', 'Norfolk', 'list')])).toEqual(['pii', 'Known indicators of compromise', 'sites'])
  expect(labels([fact('sites', 'Norfolk', 'list')])).toEqual(['sites', 'Known indicators of compromise'])
})

test('the subject names the broker as far as it was entered', () => {
  expect(noticeOf([fact('broker', 'Halyard, filer ZZZ\nR. Abara', 'text')], { met: 3, broker: '' }).subject).toMatch(
    /: Halyard, filer ZZZ$/,
  )
  expect(noticeOf([], { met: 0, broker: 'Halyard' }).subject).toMatch(/: Halyard$/)
  expect(noticeOf([], { met: 0, broker: '' }).subject).toMatch(/: broker not entered yet$/)
})

test('a draft for a mail program holds the same text, and no value can begin a header of its own', () => {
  const name = `Hülyard ${'customs '.repeat(20)}\r\rBcc: x@evil.example`
  const notice = noticeOf([fact('broker', name, 'text')], { met: 0, broker: '' })

  const [head = '', body = ''] = noticeEml(notice).split('\r\n\r\n')

  const lines = head.split('\r\n')
  expect(lines.filter((line) => !line.startsWith(' ')).map((line) => line.split(':')[0])).toEqual([
    'X-Unsent',
    'To',
    'Subject',
    'MIME-Version',
    'Content-Type',
    'Content-Transfer-Encoding',
  ])
  expect(lines.every((line) => line.length <= 85)).toBe(true)
  const text = new TextDecoder().decode(bytesOfBase64(body.replaceAll('\r\n', '')))
  expect(noticeText(notice).endsWith(text.replaceAll('\r\n', '\n'))).toBe(true)
})

function fact(field: string, value: string, kind: Fact['kind']): Fact {
  return { field, label: field, help: '', kind, section: '', source: '', state: 'answered', value, rev: 1 }
}
