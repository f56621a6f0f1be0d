import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { certificates } from './index.ts'

const read = (row: object) => eventsOf(certificates, [JSON.stringify(row)])[0]

test('certificates that were recorded say whose they are, and until when', () => {
  const events = snapshotEvents(certificates, 'certificate')

  for (const { event } of events) expect(event).not.toHaveProperty('error')
  expect(events.find(({ event }) => event.message?.includes('planted.example'))?.event).toMatchObject({
    event: { category: ['file'], type: ['info'], action: 'certificate-seen' },
    file: {
      path: '/etc/ssl/certs/planted.pem',
      x509: {
        subject: { common_name: ['planted.example'], organization: ['Example'], country: ['US'] },
        alternative_names: ['planted.example', '192.0.2.7'],
        not_after: expect.any(String),
      },
    },
    related: { hosts: ['planted.example', '192.0.2.7'] },
  })
  expect(events.find(({ event }) => event.message?.includes('ssh-ed25519'))?.event).toMatchObject({
    tidewaiter: { fingerprint: expect.stringMatching(/^SHA256:/) },
  })
  expect(events.filter(({ holds }) => holds === 'ended').map(({ event }) => event.event.action)).toEqual([
    'certificate-removed',
  ])
})

test('names with quotes and times of no form are left out', () => {
  const row = {
    kind: 'certificate',
    path: '/a',
    sha256: 'ab'.repeat(32),
    subjectAltName: 'DNS:"a, DNS:b", DNS:c.example',
  }

  expect(read({ ...row, validTo: 'tomorrow' })).toMatchObject({ file: { x509: { alternative_names: ['c.example'] } } })
  expect(read({ ...row, validTo: 'tomorrow' })).not.toHaveProperty('file.x509.not_after')
  for (const none of [{ kind: 'certificate', path: '/a' }, { kind: 'host-key' }])
    expect(read(none)).toMatchObject({ event: { kind: 'pipeline_error' } })
})
