import type { PackageRow } from '@tidewaiter/protocol/api'
import { Note } from '../../components/note.tsx'
import { discloseWords } from '../../components/package/words.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { bytesText, count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { ReadAloud } from '../../ui/read-aloud.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { HowToVerify } from './how-to-verify.tsx'

/** What was built: what is read over the phone, what it is, and how anyone verifies it. */
export function BuiltPackage({ row }: { row: PackageRow }) {
  return (
    <div className="cols halves">
      <div className="stack">
        {row.warnings.map((warning) => (
          <Note key={warning} shape="degraded">
            {warning}
          </Note>
        ))}
        <Aloud
          title="Fingerprint of the signer"
          says="Read it to the SOC over the telephone, on a number you already have. They compare it with the one in the package."
          hex={row.signerFingerprint}
        />
        <Aloud title="SHA-256 of the file" says="It tells that the file arrived as it left." hex={row.sha256} />
        <TheFile row={row} />
      </div>
      <HowToVerify fileName={row.fileName} />
    </div>
  )
}

/** A hash in groups of four, to be read aloud. */
function Aloud({ title, says, hex }: { title: string; says: string; hex: string | null }) {
  if (hex === null) return null
  return (
    <Panel title={title} end={<CopyButton text={hex} label={title.toLowerCase()} />}>
      <div className="in">
        <ReadAloud hex={hex} />
        <p className="meta">{says}</p>
      </div>
    </Panel>
  )
}

function TheFile({ row }: { row: PackageRow }) {
  const { fileName, bytes, builtAt, builtBy, disclose, cut } = row
  return (
    <Panel title="The file">
      <dl className="facts in">
        <dt>Name</dt>
        <dd className="mono">{fileName}</dd>
        <dt>Size</dt>
        <dd>{bytes !== null && `${bytesText(bytes)} (${count(bytes)} bytes)`}</dd>
        <dt>Built</dt>
        <dd>
          {builtAt !== null && <TimeText at={builtAt} precision="second" />} by <Verbatim text={builtBy} />
        </dd>
        <dt>Disclosed</dt>
        <dd>{discloseWords[disclose]}</dd>
        <dt>As of</dt>
        <dd>
          {cutText(cut)} <CopyButton text={cut} label="the cut" />
          <span className="meta block">The same cut gives the same payload, byte for byte.</span>
        </dd>
      </dl>
    </Panel>
  )
}

/** `<ledger>:<size>:<incident revision>:<audit line>` in words; a cut of another form as it is. */
function cutText(cut: string): string {
  const [, size, rev, audit] = cut.split(':')
  if (size === undefined || rev === undefined || audit === undefined) return cut
  return `${plural(Number(size), 'batch', 'batches')} in the ledger, revision ${rev} of the incident, act ${audit}`
}
