import { useState } from 'react'
import { segmentsOf } from './escape.ts'

const firstChars = 20_000

/** Text from a host, mail or file: always text, with everything in it that would not be seen made visible. */
export function Verbatim({ text, lines = false }: { text: string; lines?: boolean }) {
  const [all, setAll] = useState(false)
  const shown = all || text.length <= firstChars ? text : text.slice(0, firstChars)
  return (
    <>
      <bdi>
        {segmentsOf(shown, { lines }).map((segment, at) =>
          segment.hidden === undefined ? (
            segment.text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a segment has no identity but its place
            <span key={`${at}:${segment.text}`} className="esc" title={`Character U+${segment.hidden.toString(16)}`}>
              {segment.text}
            </span>
          ),
        )}
      </bdi>
      {shown.length < text.length && (
        <button type="button" className="btn small" onClick={() => setAll(true)}>
          Show all {text.length.toLocaleString('en-US')} characters
        </button>
      )}
    </>
  )
}
