import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { scheduledTask } from './index.ts'

/** Written after the schema of tasks ([MS-TSCH] 2.5). */
const task = (inner: string, prolog = '<?xml version="1.0" encoding="UTF-16"?>') =>
  `${prolog}\r\n<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">${inner}</Task>`

const twoActions = task(`
  <RegistrationInfo><Date>2026-11-25T13:34:21.1234567-05:00</Date><URI>\\Updater</URI></RegistrationInfo>
  <Principals><Principal id="Author"><UserId>BROKER\\ana</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals>
  <Triggers><BootTrigger/><TimeTrigger><Repetition><Interval>PT5M</Interval></Repetition></TimeTrigger></Triggers>
  <Settings><Enabled>false</Enabled></Settings>
  <Actions>
    <Exec><Command>"C:\\Users\\Public\\a.exe"</Command><Arguments>-c http://192.0.2.7/x &amp;&amp; b</Arguments></Exec>
    <Exec><Command>cmd.exe</Command></Exec>
  </Actions>`)

const encodings: [string, Buffer][] = [
  ['UTF-8', Buffer.from(twoActions)],
  ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${twoActions}`, 'utf16le')],
  ['UTF-16 without one', Buffer.from(twoActions, 'utf16le')],
  ['big-endian UTF-16', Buffer.from(`\ufeff${twoActions}`, 'utf16le').swap16()],
]

test.each(encodings)('a task of several actions in %s', (_, bytes) => {
  expect(scheduledTask.detects(bytes)).toBe(true)
  expect(eventsOf(scheduledTask, [bytes])).toMatchObject([
    {
      '@timestamp': '2026-11-25T18:34:21.1234567Z',
      message:
        'Scheduled task \\Updater: "C:\\Users\\Public\\a.exe" -c http://192.0.2.7/x && b, then cmd.exe (switched off; BootTrigger, TimeTrigger)',
      process: {
        name: ['a.exe', 'cmd.exe'],
        executable: ['C:\\Users\\Public\\a.exe', 'cmd.exe'],
        command_line: ['"C:\\Users\\Public\\a.exe" -c http://192.0.2.7/x && b', 'cmd.exe'],
      },
      user: { name: 'ana', domain: 'BROKER' },
      tidewaiter: {
        scheduled_task: { run_level: 'HighestAvailable', triggers: [{}, { details: ['Repetition/Interval=PT5M'] }] },
      },
    },
  ])
})

test('a task that declares entities is refused, and nothing is expanded or fetched', () => {
  const bytes = Buffer.from(task('&x;', '<!DOCTYPE Task [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))

  expect(eventsOf(scheduledTask, [bytes])).toMatchObject([{ error: { code: 'xml-malformed' } }])
})

test('XML of something else is no task', () => {
  expect(
    scheduledTask.detects(Buffer.from('<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"/>')),
  ).toBe(false)
  expect(eventsOf(scheduledTask, [Buffer.from('<a/>')])).toMatchObject([{ error: { code: 'format-unknown' } }])
})
