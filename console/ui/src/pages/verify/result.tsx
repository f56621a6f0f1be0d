import type { VerifyReport } from '@tidewaiter/protocol'
import { CopyButton } from '../../ui/copy-button.tsx'
import { TextField } from '../../ui/field.tsx'
import { bytesText, count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { ReadAloud } from '../../ui/read-aloud.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { CheckList } from './check-list.tsx'
import type { SignerState } from './judgement.ts'

interface Props {
  file: File
  report: VerifyReport
  signer: SignerState
  /** The fingerprint as it was entered. */
  told: string
  onTold: (text: string) => void
}

/** What was found, check by check, and the one thing that only a telephone can tell. What is to be done comes first. */
export function Result({ file, report, signer, told, onTold }: Props) {
  const checks = (
    <Panel
      key="checks"
      title="Checks"
      meta={`${plural(report.files, 'file')}, ${plural(report.recordsProven, 'record')} proven`}
    >
      <CheckList checks={report.checks} signer={signer} />
    </Panel>
  )
  const compared = report.signer !== null && (
    <WhoSigned key="signer" by={report.signer} signer={signer} told={told} onTold={onTold} />
  )
  return (
    <>
      {report.ok ? [compared, checks] : [checks, compared]}
      <p className="meta">
        <Verbatim text={file.name} />, {bytesText(file.size)} ({count(file.size)} bytes), read on this computer.
      </p>
    </>
  )
}

interface WhoProps extends Pick<Props, 'signer' | 'told' | 'onTold'> {
  by: { name: string; fingerprint: string }
}

function WhoSigned({ by, signer, told, onTold }: WhoProps) {
  return (
    <Panel title="Who signed it" end={<CopyButton text={by.fingerprint} label="the fingerprint" />}>
      <div className="in stack">
        <div>
          <p>
            The signer calls itself <b>{by.name === '' ? 'nothing' : <Verbatim text={by.name} />}</b> and has this
            fingerprint:
          </p>
          <ReadAloud hex={by.fingerprint} />
        </div>
        <TextField
          label="Fingerprint as it was read to you"
          hint="64 digits 0 to 9 and a to f; spaces and capitals do not matter"
          value={told}
          autoComplete="off"
          spellCheck={false}
          className="wide mono"
          error={signer === 'malformed' ? lengthText(told) : undefined}
          onChange={(event) => onTold(event.target.value)}
        />
      </div>
    </Panel>
  )
}

function lengthText(told: string): string {
  const digits = told.replace(/[^0-9a-f]/gi, '').length
  return `It has ${plural(digits, 'digit')} so far. Enter all 64.`
}
