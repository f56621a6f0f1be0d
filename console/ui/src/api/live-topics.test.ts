import { expect, test } from 'vitest'
import { keysOfTopic } from './live-topics.ts'

test('a topic of one thing makes only that thing stale', () => {
  expect(keysOfTopic('host:ab12')).toEqual([['host', 'ab12']])
  expect(keysOfTopic('package:p:1')).toEqual([['package', 'p:1']])
})

test('a change in an incident reaches the list of incidents', () => {
  expect(keysOfTopic('incident:HCB-2026-001')).toEqual([['incident', 'HCB-2026-001'], ['incidents']])
})

test('a stranger who is refused makes that list stale, and not the hosts', () => {
  expect(keysOfTopic('refusals')).toEqual([['refusals']])
})

test('a topic that carries rows, or that nobody knows, makes nothing stale', () => {
  expect(keysOfTopic('events:ab12')).toEqual([])
  expect(keysOfTopic('something')).toEqual([])
})

test('an incident that somebody else opens reaches the list, by the topic that tells of it', () => {
  expect(keysOfTopic('overview')).toContainEqual(['incidents'])
})
