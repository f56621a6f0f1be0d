import type { VerifyReport } from '@tidewaiter/protocol'
import { plural } from '../../ui/numbers.ts'
import { Shape, type ShapeName } from '../../ui/symbols.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { differences, type SignerState, type Verdict, verdictOf } from './judgement.ts'

const marks: Record<Verdict, { shape: ShapeName; look: string }> = {
  unreadable: { shape: 'no', look: 's-critical' },
  changed: { shape: 'no', look: 's-critical' },
  foreign: { shape: 'no', look: 's-critical' },
  intact: { shape: 'ok', look: 's-ok' },
}

/** How the sentence about an intact package ends. */
const endings: Record<SignerState, string> = {
  same: ', signed by the key you were told.',
  other: ', but not signed by the key you were told.',
  'not-compared': '. Who signed it is not checked yet.',
  malformed: '. Who signed it is not checked yet.',
  nobody: '. Who signed it is not checked yet.',
}

/** The first sentence: what is known, and what is not. */
export function Answer({ report, signer }: { report: VerifyReport; signer: SignerState }) {
  const verdict = verdictOf(report, signer)
  const { shape, look } = marks[verdict]
  return (
    <h2 className="answer">
      <span className="sev only">
        <span className={`cell ${look}`}>
          <Shape name={shape} />
        </span>
      </span>
      <span>
        <Sentence report={report} signer={signer} verdict={verdict} />
      </span>
    </h2>
  )
}

function Sentence({ report, signer, verdict }: { report: VerifyReport; signer: SignerState; verdict: Verdict }) {
  if (verdict === 'unreadable') return 'This file cannot be read as a package.'
  if (verdict === 'changed') {
    const count = differences(report.checks)
    return `This package is not as it was signed: ${plural(count, 'thing differs', 'things differ')}.`
  }
  return (
    <>
      This package is complete and unchanged since{' '}
      <span className="nowrap">
        {report.asOf === null ? 'it was signed' : <TimeText at={report.asOf} precision="minute" />}
      </span>
      {endings[signer]}
    </>
  )
}
