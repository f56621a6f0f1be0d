import type { Check } from '@tidewaiter/protocol'
import { count } from '../../ui/numbers.ts'
import { Shape } from '../../ui/symbols.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { checkWords, type Judged, judge, type SignerState } from './judgement.ts'

/** Every check with what it found; what differs by the name of the file, record or byte it is about. */
export function CheckList({ checks, signer }: { checks: readonly Check[]; signer: SignerState }) {
  return (
    <ul className="checks in">
      {judge(checks).map((one) => (
        <Line key={one.name} one={one} />
      ))}
      <SignerLine signer={signer} />
    </ul>
  )
}

const shapes = { passed: 'ok', differs: 'no', 'not-made': 'wait' } as const
const looks = { passed: undefined, differs: 'differs', 'not-made': 'wait' } as const

function Line({ one: { name, state, details } }: { one: Judged }) {
  return (
    <li className={looks[state]}>
      <Shape name={shapes[state]} />
      <div>
        {state === 'differs' ? <b>{checkWords[name].differs}</b> : checkWords[name].holds}
        {state === 'differs' ? (
          <ul>
            {details.map((detail) => (
              <li key={detail} className="found">
                <Verbatim text={detail} />
              </li>
            ))}
          </ul>
        ) : (
          <span className="meta block">
            <Verbatim text={details.join('; ')} />
          </span>
        )}
      </div>
      <span className="r">{standing(state, details.length)}</span>
    </li>
  )
}

function standing(state: Judged['state'], found: number): string {
  if (state === 'not-made') return 'not checked'
  return state === 'passed' ? 'holds' : `${count(found)} found`
}

const signerWords: Record<SignerState, { says: string; detail: string }> = {
  nobody: { says: 'Nobody is known to have signed it', detail: 'No signature in it holds.' },
  'not-compared': {
    says: 'Who signed it is not checked yet',
    detail: 'Call the sender on a number you already have, and enter the fingerprint they read out.',
  },
  malformed: { says: 'Who signed it is not checked yet', detail: 'The fingerprint that was entered is not complete.' },
  same: { says: 'The key you were told signed it', detail: 'The fingerprint you entered is that of the signer.' },
  other: {
    says: 'Another key than the one you were told signed it',
    detail: 'Compare the fingerprint once more, digit by digit. If it stays so, the package is not from that sender.',
  },
}

function SignerLine({ signer }: { signer: SignerState }) {
  const { says, detail } = signerWords[signer]
  const state = signer === 'same' ? 'passed' : signer === 'other' || signer === 'nobody' ? 'differs' : 'not-made'
  return (
    <li className={looks[state]}>
      <Shape name={shapes[state]} />
      <span>
        {state === 'passed' ? says : <b>{says}</b>}
        <span className="meta block">{detail}</span>
      </span>
      <span className="r">by telephone</span>
    </li>
  )
}
