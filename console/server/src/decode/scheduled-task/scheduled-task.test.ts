import { describe, expect, test } from 'vitest'
import type { Accuracy } from '../accuracy.fixture.ts'
import { contextOf } from '../context.ts'
import { eventsOf, fileHead } from '../recorded.fixture.ts'
import { bytesOf, isMissing, namesIn } from '../shared-data.fixture.ts'
import { sampleEvents, taskAccuracy } from './accuracy.fixture.ts'
import { scheduledTask } from './index.ts'

const inNewYork = contextOf({ zone: 'America/New_York', utcOffset: -300 }, fileHead)

describe.skipIf(isMissing('windows_tasks'))('scheduled tasks of Windows (shared data)', () => {
  test('every value is the one that others read', () => {
    expect(taskAccuracy()).toEqual({ records: 34, right: 34, wrong: 0, missed: 0 } satisfies Accuracy)
  })

  test('a task says what it runs, when and as whom', () => {
    expect(sampleEvents('T1053_005_WMI.xml', inNewYork)).toMatchObject([
      {
        '@timestamp': '2021-04-22T16:29:17Z',
        event: { kind: 'state', category: ['configuration'], type: ['info'], action: 'task-found' },
        message: 'Scheduled task \\T1053_005_WMI: notepad.exe (LogonTrigger)',
        process: { name: 'notepad.exe', command_line: 'notepad.exe' },
        group: { id: 'S-1-5-32-545' },
        tidewaiter: {
          time: { raw: '2021-04-22T12:29:17', basis: { zone: expect.stringContaining('America/New_York') } },
        },
      },
    ])
  })

  test('a local time without a zone is no time', () => {
    const [event] = sampleEvents('T1053_005_WMI.xml')

    expect(event?.['@timestamp']).toBeUndefined()
    expect(event?.tidewaiter.time).toEqual({ raw: '2021-04-22T12:29:17' })
  })

  test('a hidden task is said to be hidden, and its account is known by its SID', () => {
    const [event] = sampleEvents('VSIX_Auto_Update.xml')

    expect(event?.message).toMatch(/VSIXAutoUpdate\.exe \(hidden; CalendarTrigger\)$/)
    expect(event?.user).toEqual({ id: 'S-1-5-18' })
    expect(event?.tidewaiter.scheduled_task).toMatchObject({
      triggers: [{ type: 'CalendarTrigger', start: '2019-10-21T12:26:22', details: ['ScheduleByDay/DaysInterval=1'] }],
    })
  })

  test('a handler that is no program is named by its class', () => {
    const [event] = sampleEvents('MobilityManager.xml')

    expect(event?.process).toBeUndefined()
    expect(event?.tidewaiter.scheduled_task).toMatchObject({
      actions: [{ type: 'ComHandler', class_id: '{C463A0FC-794F-4FDF-9201-01938CEACAFA}' }],
      triggers: [{ details: [expect.stringMatching(/^Subscription=<QueryList>/)] }],
    })
  })

  test('a .job file also says when it last ran', () => {
    expect(sampleEvents('wintask.job', inNewYork)).toMatchObject([
      { event: { action: 'task-found' } },
      {
        '@timestamp': '2013-08-24T16:42:00.112Z',
        event: { category: ['process'], type: ['start'], action: 'task-started' },
        process: { name: 'GoogleUpdate.exe' },
      },
    ])
  })

  test('every kind is known by what it holds', () => {
    for (const name of namesIn('windows_tasks').filter((name) => name !== 'truth.json'))
      expect([name, scheduledTask.detects(bytesOf(`windows_tasks/${name}`))]).toEqual([name, true])
  })

  test('what is cut off or changed anywhere still gives events that name the record', () => {
    for (const name of ['wintask.job', 'T1053_005_WMI.xml']) {
      const bytes = bytesOf(`windows_tasks/${name}`)
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ 0xff
        for (const event of [
          ...eventsOf(scheduledTask, [changed]),
          ...eventsOf(scheduledTask, [bytes.subarray(0, at)]),
        ])
          expect(event.tidewaiter.record).toBe('host/1/0')
      }
    }
  })
})
