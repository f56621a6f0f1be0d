import { useMemo, useState } from 'react'
import { bytesOfBase64 } from '../../ui/base64.ts'
import { Button } from '../../ui/button.tsx'
import { hexDump, looksBinary, textOfBytes } from '../../ui/escape.ts'
import { bytesText } from '../../ui/numbers.ts'
import { Scroll } from '../../ui/scroll.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const mostHexBytes = 4096

/** A record exactly as the host gave it: as text with everything unseen made visible, or as bytes. */
export function RawBytes({ base64 }: { base64: string }) {
  const bytes = useMemo(() => bytesOfBase64(base64), [base64])
  const [chosen, setChosen] = useState<'text' | 'hex'>()
  const shown = chosen ?? (looksBinary(bytes) ? 'hex' : 'text')
  return (
    <>
      <div className="raw-head">
        <h3>The record, exactly as the host gave it</h3>
        <span className="meta">{bytesText(bytes.length)}</span>
        <span className="actions">
          <Button small kind="quiet" aria-pressed={shown === 'text'} onClick={() => setChosen('text')}>
            Text
          </Button>
          <Button small kind="quiet" aria-pressed={shown === 'hex'} onClick={() => setChosen('hex')}>
            Hex
          </Button>
        </span>
      </div>
      {shown === 'hex' ? (
        <Scroll label="Bytes of the record" className="raw hex">
          <pre>{hexDump(bytes, mostHexBytes)}</pre>
        </Scroll>
      ) : (
        <pre className="raw">
          <Verbatim text={textOfBytes(bytes)} lines />
        </pre>
      )}
      {shown === 'hex' && bytes.length > mostHexBytes && (
        <p className="meta">The first {bytesText(mostHexBytes)} of it.</p>
      )}
    </>
  )
}
