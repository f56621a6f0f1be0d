import { CommandBlock } from '../../components/command-block.tsx'
import { links } from '../../links.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Link } from '../../ui/link.tsx'
import { Panel } from '../../ui/panel.tsx'

/** What `00_README.txt` in the package tells too: the checks that need nothing of ours. */
const inTheFolder = [
  'sha256sum -c manifest-sha256.txt',
  'sha256sum -c tagmanifest-sha256.txt',
  'openssl dgst -sha256 -verify signer-pub.pem -signature tagmanifest-sha256.txt.sig tagmanifest-sha256.txt',
  'openssl pkey -pubin -in signer-pub.pem -outform DER | sha256sum',
].join('\n')

/** How anyone checks the package, with tools that every system has, or with the free verifier. */
export function HowToVerify({ fileName }: { fileName: string }) {
  return (
    <Panel title="How to verify it" meta="offline, with nothing of ours">
      <div className="in stack">
        <Commands
          runsOn="any computer, beside the file"
          text={`sha256sum ${fileName}`}
          says="Prints the SHA-256 of the file."
        />
        <Commands
          runsOn="any computer, in the unpacked folder"
          text={inTheFolder}
          says="Each line of the first two ends in OK, the third prints Verified OK, the fourth the fingerprint of the signer."
        />
        <p className="meta">
          On Windows, 00_README.txt in the package has the same for PowerShell. All of it, and every proof inside, is
          checked by <Link to={links.verify}>Verify</Link> in a browser, without an account and without an upload.
        </p>
      </div>
    </Panel>
  )
}

function Commands({ runsOn, text, says }: { runsOn: string; text: string; says: string }) {
  return (
    <div>
      <CommandBlock runsOn={runsOn} actions={<CopyButton text={text} label={`the commands for ${runsOn}`} />}>
        <pre>{text}</pre>
      </CommandBlock>
      <p className="meta">{says}</p>
    </div>
  )
}
