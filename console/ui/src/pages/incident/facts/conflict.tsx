import { Button } from '../../../ui/button.tsx'
import { TimeText } from '../../../ui/time-text.tsx'
import { Verbatim } from '../../../ui/verbatim.tsx'
import { stateWords } from './notice.ts'
import type { FactEditing } from './use-fact.ts'

/** Two people changed one field: both texts stand side by side until one is chosen. Neither is lost meanwhile. */
export function Conflict({ editing, onChosen }: { editing: FactEditing; onChosen: () => void }) {
  const { answer, status } = editing
  if (status.kind !== 'conflict') return null
  const { theirs } = status
  const choose = (act: () => void) => () => {
    act()
    onChosen()
  }
  return (
    <section className="conflict" aria-label="Changed by two people">
      <p role="alert">
        <b>Changed meanwhile</b> by <Verbatim text={theirs.by ?? 'somebody'} />
        {theirs.at !== undefined && (
          <>
            {' '}
            at <TimeText at={theirs.at} precision="second" />
          </>
        )}
        . Choose one. Theirs stays in the history either way.
      </p>
      <div className="cols halves">
        <Side
          title="Yours"
          text={answer.value}
          state={stateWords[answer.state]}
          act={choose(editing.keepMine)}
          button="Keep mine"
        />
        <Side
          title="Theirs"
          text={theirs.value}
          state={stateWords[theirs.state]}
          act={choose(editing.takeTheirs)}
          button="Take theirs"
        />
      </div>
    </section>
  )
}

interface SideProps {
  title: string
  text: string
  state: string
  button: string
  act: () => void
}

function Side({ title, text, state, button, act }: SideProps) {
  return (
    <div>
      <h3>{title}</h3>
      <pre className="raw">
        <Verbatim text={text === '' ? state : text} lines />
      </pre>
      <Button small onClick={act}>
        {button}
      </Button>
    </div>
  )
}
