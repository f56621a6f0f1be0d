import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Icon, Shape } from '../../ui/symbols.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { chipsOf, withoutChip } from './chips.ts'
import { fieldOffers } from './fields.ts'
import { parseQuery } from './grammar.ts'

interface Props {
  query: string
  onSearch: (query: string) => void
  /** The range, between the field and its button. */
  range: ReactNode
  /** What the answer covers, at the end of the chips. */
  coverage?: ReactNode
}

/** The query as text and as chips: each changes the other. A mistake is pointed at; the last good answer stays. */
export function SearchBar({ query, onSearch, range, coverage }: Props) {
  const [text, setText] = useState(query)
  const [mistake, setMistake] = useState<{ at: number; says: string }>()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    setText(query)
    setMistake(undefined)
  }, [query])
  useKeys([{ keys: '/', label: 'Write a query', group: 'Search', run: () => input.current?.focus() }])
  const search = (wanted: string) => {
    const parsed = parseQuery(wanted)
    setMistake(parsed.ok ? undefined : parsed)
    if (parsed.ok) onSearch(wanted.trim())
    else input.current?.setSelectionRange(parsed.at, parsed.at + 1)
  }
  const offers = fieldOffers(text).map(({ query: next, name, says }) => ({
    id: name,
    label: (
      <>
        <span className="mono">{name}</span> <span className="meta">{says}</span>
      </>
    ),
    run: () => setText(next),
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    search(text)
  }
  return (
    <>
      <search>
        <form className="query" onSubmit={submit} aria-label="Events">
          <div className="field">
            <Icon name="search" />
            <Combobox
              label="Query"
              placeholder="user.name:abiadmin and source.ip:192.0.2.0/24"
              value={text}
              onChange={setText}
              options={offers}
              onEnter={() => search(text)}
              inputRef={input}
              {...(mistake !== undefined && { describedBy: 'query-mistake', isInvalid: true })}
            />
            <kbd>/</kbd>
          </div>
          {range}
          <Button kind="primary" type="submit">
            Search
          </Button>
        </form>
      </search>
      <p className="mistake" id="query-mistake" role="alert">
        {mistake !== undefined && (
          <>
            <Shape name="no" />
            <span>
              Column {mistake.at + 1}: {mistake.says} The last good answer stays below.
            </span>
          </>
        )}
      </p>
      <Chips query={query} onSearch={onSearch} coverage={coverage} />
    </>
  )
}

function Chips({ query, onSearch, coverage }: Pick<Props, 'query' | 'onSearch' | 'coverage'>) {
  return (
    <div className="chips">
      {chipsOf(query).map((chip) => (
        <span className="chip" key={chip.from}>
          <span className="muted">{chip.label}</span> <Verbatim text={chip.text} />
          <button type="button" onClick={() => onSearch(withoutChip(query, chip))}>
            <Icon name="close" />
            <span className="vh">
              Remove {chip.label} {chip.text}
            </span>
          </button>
        </span>
      ))}
      <span className="meta end">{coverage}</span>
    </div>
  )
}
