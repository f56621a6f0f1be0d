import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { recordLineQuery } from '../../api/events.ts'
import { bytesOfBase64 } from '../../ui/base64.ts'
import { Button } from '../../ui/button.tsx'
import { textOfBytes } from '../../ui/escape.ts'
import { type Href, Link } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { wordsOf } from '../problem-note.tsx'

const firstShown = 3
const moreShown = 10
const lineChars = 400

/** The records that show a finding, verbatim but for private numbers: a few, then more. */
export function RecordLines({
  ids,
  total,
  hrefOf,
}: {
  ids: readonly string[]
  total: number
  hrefOf: (id: string) => Href
}) {
  const [shown, setShown] = useState(firstShown)
  if (ids.length === 0)
    return (
      <section>
        <h3>Records that show it</h3>
        <p className="muted">None are kept by id; the numbers above are counts.</p>
      </section>
    )
  return (
    <section>
      <h3>
        Records that show it{' '}
        <span className="muted">
          {count(Math.min(shown, ids.length))} of {count(total)}
        </span>
      </h3>
      <ol className="raw lines">
        {ids.slice(0, shown).map((id) => (
          <Line key={id} id={id} href={hrefOf(id)} />
        ))}
      </ol>
      {shown < ids.length && (
        <Button small kind="quiet" onClick={() => setShown(shown + moreShown)}>
          Show {count(Math.min(moreShown, ids.length - shown))} more
        </Button>
      )}
    </section>
  )
}

function Line({ id, href }: { id: string; href: Href }) {
  const { data, error } = useQuery(recordLineQuery(id))
  if (data === undefined)
    return <li className="muted">{error === null ? 'Loading…' : `Not read: ${wordsOf(error).detail}`}</li>
  const text = textOfBytes(bytesOfBase64(data.bytes))
  return (
    <li>
      <Link to={href}>
        <TimeText at={data.event?.at ?? data.receivedAt} date="short" />
        <span className="vh"> open the record</span>
      </Link>{' '}
      <Verbatim text={text.slice(0, lineChars)} />
      {(data.isCut || text.length > lineChars) && '…'}
    </li>
  )
}
