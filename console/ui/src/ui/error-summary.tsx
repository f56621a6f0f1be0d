import { useEffect, useRef } from 'react'
import { plural } from './numbers.ts'

export interface FieldProblem {
  /** Id of the control to go to. */
  id: string
  text: string
}

/** What is to be fixed, above the form: takes the focus, and each line leads to its field. */
export function ErrorSummary({ problems, until }: { problems: readonly FieldProblem[]; until: string }) {
  const box = useRef<HTMLElement>(null)
  const ids = problems.map((problem) => problem.id).join(' ')
  useEffect(() => {
    if (ids !== '') box.current?.focus()
  }, [ids])
  if (problems.length === 0) return null
  return (
    <section className="errors" aria-labelledby="error-summary" tabIndex={-1} ref={box}>
      <h2 id="error-summary">
        {plural(problems.length, 'thing')} to fix {until}
      </h2>
      <ul>
        {problems.map((problem) => (
          <li key={problem.id}>
            <a
              href={`#${problem.id}`}
              onClick={(event) => {
                event.preventDefault()
                document.getElementById(problem.id)?.focus()
              }}
            >
              {problem.text}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
