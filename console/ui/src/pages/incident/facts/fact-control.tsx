import type { Fact } from '@tidewaiter/protocol/api'
import { secretField } from './editor.ts'
import { FactTime } from './fact-time.tsx'
import { type FieldTrouble, firstControlOf, idOf } from './field-report.ts'
import { SealNumbers } from './seal-numbers.tsx'
import type { FactEditing } from './use-fact.ts'

interface Props {
  incident: string
  editing: FactEditing
  fact: Fact
  isWrong: boolean
  onTrouble: (trouble: FieldTrouble | undefined) => void
}

/** Where the value of a fact is entered: a time, a choice, or text. */
export function FactControl({ incident, editing, fact, isWrong, onTrouble }: Props) {
  const { answer, base, type } = editing
  const id = idOf(fact.field)
  const describedBy = isWrong ? `${id}-hint ${id}-error` : `${id}-hint`
  const set = (value: string) =>
    // An emptied field that was never answered is as it was.
    type({ state: value === '' && base.state === 'unanswered' ? 'unanswered' : 'answered', value })
  if (fact.kind === 'time')
    return (
      <FactTime
        id={id}
        fact={fact}
        value={answer.value}
        onValue={set}
        onTrouble={onTrouble}
        describedBy={describedBy}
      />
    )
  if (fact.kind === 'choice') return <FactChoice fact={fact} chosen={answer.value} onChoose={set} />
  const isSecret = fact.field === secretField
  return (
    <>
      {isSecret && base.value !== '' && <Masked incident={incident} list={base.value} />}
      <textarea
        className="in-text"
        id={firstControlOf(fact)}
        rows={fact.kind === 'list' ? 3 : 2}
        aria-label={fact.label}
        aria-describedby={describedBy}
        aria-invalid={isWrong}
        autoComplete="off"
        spellCheck={!isSecret}
        value={answer.value}
        onChange={(event) => set(event.target.value)}
      />
    </>
  )
}

/** Importer numbers are shown as the console shows them, never typed over: the list is replaced as a whole. */
function Masked({ incident, list }: { incident: string; list: string }) {
  return (
    <>
      <p className="masked">
        Saved, shown masked: <span className="mono">{list.split('\n').join(', ')}</span>. To change the list, enter all
        of it.
      </p>
      <SealNumbers incident={incident} />
    </>
  )
}

function FactChoice({ fact, chosen, onChoose }: { fact: Fact; chosen: string; onChoose: (value: string) => void }) {
  const id = idOf(fact.field)
  return (
    <fieldset>
      <legend className="vh">{fact.label}, the answer</legend>
      <div className="choice">
        {fact.choices?.map((choice, at) => (
          <label key={choice}>
            <input
              type="radio"
              id={`${id}-value-${at}`}
              name={`${id}-value`}
              checked={chosen === choice}
              onChange={() => onChoose(choice)}
            />{' '}
            {choice}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
