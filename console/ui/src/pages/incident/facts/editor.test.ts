import type { Fact } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { type Change, edit, isUnsaved, openEditor } from './editor.ts'

const typed = (value: string): Change => ({ kind: 'typed', answer: { state: 'answered', value } })

test('what is typed is not kept before the console has answered with its revision', () => {
  const asked = run(openEditor(fact('', 0)), typed('Mail'), { kind: 'asked' })

  expect(isUnsaved(asked)).toBe(true)
  expect(run(asked, { kind: 'saved', fact: fact('Mail', 5) })).toEqual(openEditor(fact('Mail', 5)))
})

test('what is typed while saving is not lost and not called kept', () => {
  const editor = run(openEditor(fact('', 0)), typed('Mail'), { kind: 'asked' }, typed('Mail with'), {
    kind: 'saved',
    fact: fact('Mail', 5),
  })

  expect(editor).toMatchObject({ answer: { value: 'Mail with' }, base: { rev: 5 }, status: { kind: 'typed' } })
})

test('what is taken back before it was kept leaves nothing to keep', () => {
  const editor = run(openEditor(fact('Mail', 5)), typed('Mail with'), typed('Mail'))

  expect(editor.status.kind).toBe('kept')
})

test('"known" without a value is nothing that could be lost, an emptied field is', () => {
  expect(isUnsaved(run(openEditor(fact('', 0)), typed('')))).toBe(false)
  expect(isUnsaved(run(openEditor(fact('Mail', 5)), typed('')))).toBe(true)
})

test('when the console does not answer, the text waits to be kept', () => {
  const editor = run(openEditor(fact('', 0)), typed('Mail'), { kind: 'asked' }, { kind: 'unreached' })

  expect(editor).toMatchObject({ answer: { value: 'Mail' }, status: { kind: 'typed' } })
})

test('a refusal keeps the text', () => {
  const editor = run(openEditor(fact('', 0)), typed('x'), { kind: 'asked' }, { kind: 'refused', says: 'No.' })

  expect(editor).toMatchObject({ answer: { value: 'x' }, status: { kind: 'refused', says: 'No.' } })
})

test('another person’s change never overwrites what is typed: both stand until one is chosen', () => {
  const conflict = run(openEditor(fact('', 0)), typed('mine'), { kind: 'renewed', fact: fact('theirs', 7) })

  expect(conflict.status).toEqual({ kind: 'conflict', theirs: fact('theirs', 7) })
  expect(run(conflict, typed('mine too')).status.kind).toBe('conflict')
  expect(run(conflict, { kind: 'take-theirs' })).toEqual(openEditor(fact('theirs', 7)))
  expect(run(conflict, { kind: 'keep-mine' })).toMatchObject({
    answer: { value: 'mine' },
    base: { rev: 7 },
    status: { kind: 'typed' },
  })
})

test('where nothing is typed, another person’s change is simply shown', () => {
  expect(run(openEditor(fact('old', 3)), { kind: 'renewed', fact: fact('new', 7) })).toEqual(openEditor(fact('new', 7)))
})

test('our own change on its way back is no conflict', () => {
  const saving = run(openEditor(fact('', 0)), typed('Mail'), { kind: 'asked' })

  expect(run(saving, { kind: 'renewed', fact: fact('Mail', 5) })).toBe(saving)
})

test('masked importer numbers are never what is edited', () => {
  const masked = { ...fact('**-***0123', 5), field: 'importerNumbers' }

  expect(openEditor(masked).answer).toEqual({ state: 'answered', value: '' })
})

function run(editor: ReturnType<typeof openEditor>, ...changes: Change[]) {
  return changes.reduce(edit, editor)
}

function fact(value: string, rev: number): Fact {
  return {
    field: 'cause',
    label: 'Cause',
    help: '',
    kind: 'text',
    section: 'Cause',
    source: '',
    state: value === '' ? 'unanswered' : 'answered',
    value,
    rev,
  }
}
