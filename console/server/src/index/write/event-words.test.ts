import { expect, test } from 'vitest'
import type { Event } from '../../decode/decoder.ts'
import { openPrivacy } from '../private-numbers.ts'
import { fieldOf } from '../query/fields.ts'
import { markedFields, markName, markOf, wordsOf } from '../words.ts'
import { wordsMaker } from './event-words.ts'

const privacy = openPrivacy(new Uint8Array(32).fill(7))
const toWords = wordsMaker(privacy)

test('every field that can be asked for by its mark is marked', () => {
  const names: string[] = [...markedFields, 'winlog.event_data.TargetUserName', 'winlog.user_data.Id']
  for (const name of names) {
    const [, marks] = toWords(eventWith(name, 'A value-1'), [])
    expect(marks.split(' '), name).toContain(markOf(name, 'A value-1'))
    expect(fieldOf(name), name).toBeDefined()
  }
})

test('a mark is one word, and no text gives it', () => {
  const mark = markOf('winlog.event_id', '46 24-x')

  expect(wordsOf(mark)).toEqual([mark])
  expect(wordsOf('winlog.event_id 46 24-x')).not.toContain(mark)
  expect(markOf('a.b', 'c')).not.toBe(markOf('a', 'b.c'))
  expect(mark.startsWith(markName('winlog.event_id'))).toBe(true)
})

test('the text holds the words of every searched column, also where the line has them only within other words', () => {
  const [text] = toWords(
    {
      ...line('chroot by root2 in /etc/passwd-'),
      user: { name: 'root' },
      file: { path: '/etc/passwd' },
      process: { name: 'Su' },
    },
    [],
  )

  expect(text).toBe('chroot by root2 in /etc/passwd-\nroot\nsu')
})

test('addresses are marked by their keys', () => {
  const [, marks] = toWords(line('x'), ['4cb007107'])

  expect(marks.split(' ')).toContain('4cb007107')
})

test('what is no line gives all its texts, and private numbers are hidden in all of them', () => {
  const event: Event = {
    event: { dataset: 'form', action: 'entry 12-3456789' },
    process: { command_line: 'submit --importer 12-3456789' },
    note: ['deep', { inside: 'ssn 123-45-6789' }],
    tidewaiter: { record: 'r', hidden: 'not said by the source' },
  }
  const words = toWords(event, []).join(' ')

  expect(words).toContain('deep')
  expect(words).toContain(privacy.tokenOf('123-45-6789'))
  expect(words).not.toMatch(/3456789|45-6789|not said/)
})

function line(original: string): Event {
  return { event: { dataset: 'test', original }, tidewaiter: { record: 'r' } }
}

function eventWith(name: string, value: string): Event {
  const event: Event = line('x')
  const path = name.split('.')
  let at: Record<string, unknown> = event
  for (const key of path.slice(0, -1)) {
    at[key] ??= {}
    // Made in the line above, or by `line`.
    at = at[key] as Record<string, unknown>
  }
  at[path.at(-1) ?? ''] = value
  return event
}
