import type { EarlierAnswer, Fact } from '@tidewaiter/protocol/api'
import { plural } from '../../../ui/numbers.ts'
import { TimeText } from '../../../ui/time-text.tsx'
import { Verbatim } from '../../../ui/verbatim.tsx'
import { clockFields } from './check.ts'
import { stateWords } from './notice.ts'

/** What was recorded before: open beside a time that moves a legal clock, for CBP reads that too. */
export function EarlierAnswers({ fact: { field, kind, earlier = [] } }: { fact: Fact }) {
  if (earlier.length === 0) return null
  return (
    <details className="earlier" open={clockFields.has(field)}>
      <summary>{plural(earlier.length, 'earlier answer')}</summary>
      <ol>
        {earlier.map((answer) => (
          <li key={answer.rev}>
            <Value answer={answer} kind={kind} />
            <span className="meta block">
              Recorded <TimeText at={answer.at} precision="second" /> by <Verbatim text={answer.by} />, changed{' '}
              <TimeText at={answer.changedAt} precision="second" /> by <Verbatim text={answer.changedBy} />
              {answer.reason !== undefined && (
                <>
                  . Reason: <Verbatim text={answer.reason} />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

function Value({ answer: { state, value }, kind }: { answer: EarlierAnswer; kind: Fact['kind'] }) {
  if (state !== 'answered') return stateWords[state]
  if (kind !== 'time') return <Verbatim text={value} lines />
  const [from = '', to] = value.split('/')
  return (
    <>
      <TimeText at={from} />
      {to !== undefined && (
        <>
          {' to '}
          <TimeText at={to} />
        </>
      )}
    </>
  )
}
