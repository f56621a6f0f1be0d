import type { Attempt, TokenRow } from '@tidewaiter/protocol/api'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { Shape } from '../../ui/symbols.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { hasStopped, isComplete, type StepState, steps, stepsOf } from './steps.ts'

interface Props {
  attempts: readonly Attempt[]
  tokens: readonly TokenRow[]
}

/** Every try to enrol, newest first: how far it came and, when it stopped, why. */
export function Watcher({ attempts, tokens }: Props) {
  const stopped = attempts.filter(hasStopped).length
  const arrived = attempts.filter(isComplete).length
  return (
    <Panel
      title="Watch them arrive"
      meta={
        attempts.length === 0
          ? 'nothing yet'
          : `${count(attempts.length)} tried · ${count(arrived)} arrived · ${count(stopped)} stopped`
      }
      foot={
        <>
          What does not reach the console cannot be listed here. Nothing after 5 min: run{' '}
          <span className="mono">tidewaiter-agent doctor</span> on that computer; it names the step and the fix.
        </>
      }
    >
      {attempts.length === 0 ? (
        <div className="empty">
          <p className="title">Waiting for the first computer…</p>
          <p>Usually under 60 s after the command runs. It appears here by itself, step by step.</p>
        </div>
      ) : (
        <Table attempts={attempts} tokens={tokens} />
      )}
    </Panel>
  )
}

function Table({ attempts, tokens }: Props) {
  return (
    <Scroll label="Attempts to enrol" className="some">
      <table>
        <thead>
          <tr>
            <th scope="col">Computer</th>
            {steps.map(({ id, head }) => (
              <th key={id} scope="col">
                {head}
              </th>
            ))}
            <th scope="col">Result</th>
            <th scope="col">At</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt, at) => (
            <Row
              // biome-ignore lint/suspicious/noArrayIndexKey: two of one moment differ by their place from the end alone, which stays
              key={`${attempt.at} ${attempts.length - at}`}
              attempt={attempt}
              token={tokens.find(({ id }) => id === attempt.tokenId)}
            />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function Row({ attempt, token }: { attempt: Attempt; token: TokenRow | undefined }) {
  const { name, address, at } = attempt
  return (
    <tr>
      <th scope="row">
        <Verbatim text={name ?? 'Unnamed'} />
        <span className="meta block">
          <Verbatim text={address} />
          {token !== undefined && token.label !== '' && (
            <>
              {' '}
              · <Verbatim text={token.label} />
            </>
          )}
        </span>
      </th>
      {stepsOf(attempt).map((state, i) => (
        <td key={steps[i]?.id}>
          <StepMark state={state} />
        </td>
      ))}
      <td>
        <Result attempt={attempt} />
      </td>
      <td className="nowrap">
        <TimeText at={at} precision="second" />
      </td>
    </tr>
  )
}

function StepMark({ state }: { state: StepState }) {
  if (state === 'not-reached')
    return (
      <span className="muted">
        –<span className="vh"> not reached</span>
      </span>
    )
  const marks = { done: 'ok', stopped: 'no', waits: 'pending' } as const
  const words = { done: 'done', stopped: 'stopped here', waits: 'waited for' }
  return (
    <>
      <Shape name={marks[state]} />
      <span className="vh">{words[state]}</span>
    </>
  )
}

function Result({ attempt }: { attempt: Attempt }) {
  const { says, code, step, host } = attempt
  if (code !== null)
    return (
      <>
        <b>Stopped {steps.find(({ id }) => id === step)?.stopped}</b>
        <span className="meta">
          {says !== null && <Verbatim text={says} />} <span className="mono">{code}</span>
        </span>
      </>
    )
  return (
    <>
      {isComplete(attempt) ? 'Arrived' : 'Enrolled, its first batch is waited for'}
      {host !== null && (
        <>
          {' '}
          <Link className="btn small" to={links.host(host)}>
            Open host
            <span className="vh">
              {' '}
              <Verbatim text={attempt.name ?? ''} />
            </span>
          </Link>
        </>
      )}
    </>
  )
}
