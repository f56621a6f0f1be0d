import { expect, test } from 'vitest'
import { decoderByContent } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { eventsOfFile } from './accuracy.fixture.ts'
import { eventXml } from './index.ts'

/** As `wevtutil qe Security /f:RenderedXml` writes it, after Microsoft's documentation of events 4625. */
const failed = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/><EventID>4625</EventID><Version>0</Version><Level>0</Level><Task>12546</Task><Opcode>0</Opcode><Keywords>0x8010000000000000</Keywords><TimeCreated SystemTime='2026-11-25T18:54:34.4832163Z'/><EventRecordID>229977</EventRecordID><Correlation/><Execution ProcessID='516' ThreadID='3240'/><Channel>Security</Channel><Computer>dc01.broker.example</Computer><Security/></System><EventData><Data Name='TargetUserName'>ana</Data><Data Name='LogonType'>3</Data><Data Name='Status'>0xc000006d</Data><Data Name='SubStatus'>0xc000006a</Data><Data Name='IpAddress'>192.0.2.7</Data><Data Name='IpPort'>50123</Data></EventData><RenderingInfo Culture='en-US'><Message>An account failed to log on.\r\n\r\nSubject: &amp; more</Message></RenderingInfo></Event>`
const meaning = {
  '@timestamp': '2026-11-25T18:54:34.4832163Z',
  event: { code: '4625', action: 'sign-in', outcome: 'failure', reason: 'wrong password' },
  user: { name: 'ana' },
  source: { ip: '192.0.2.7', port: 50_123 },
  host: { name: 'dc01.broker.example' },
  winlog: { record_id: '229977', channel: 'Security' },
}

test.each([
  ['one a line, as wevtutil writes them', `${failed}\r\n${failed}\r\n`],
  [
    'in one element, as wevtutil with /e and the Event Viewer write them',
    `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>${failed}${failed}</Events>`,
  ],
  ['indented, as PowerShell formats them', `<Events>\n  ${failed}\n  ${failed}\n</Events>\n`],
])('events %s', (_, text) => {
  expect(decoderByContent(Buffer.from(text)).id).toBe('event-xml')
  expect(eventsOfFile(eventXml, Buffer.from(text))).toMatchObject([meaning, meaning])
})

test('the message that the machine rendered is that of the event', () => {
  expect(eventsOf(eventXml, [failed])).toMatchObject([
    { message: 'An account failed to log on.\r\n\r\nSubject: & more' },
  ])
})

test('an event that is not whole is told in its place, and the others are read', () => {
  const broken = failed.replace('</System>', '')

  const events = eventsOfFile(eventXml, Buffer.from(`${broken}\n${failed}\n${failed.slice(0, 500)}`))

  expect(events).toMatchObject([{ error: { code: 'xml-malformed' } }, meaning, { error: { code: 'xml-malformed' } }])
})

test('what stands between events and is none is told, and entities are not declared', () => {
  const entity = `<!DOCTYPE Events [<!ENTITY x SYSTEM "file:///etc/passwd">]>`

  const events = eventsOfFile(eventXml, Buffer.from(`${entity}${failed.replace('ana', '&x;')}`))

  expect(events).toMatchObject([{ error: { code: 'format-unknown' } }, { user: { name: '&x;' } }])
})

test('other XML is not taken for events', () => {
  for (const text of [
    '<Event/>',
    '<Events/>',
    `<a>${failed}</a>`,
    'x <Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">',
  ])
    expect(eventXml.detects(Buffer.from(text))).toBe(false)
})
