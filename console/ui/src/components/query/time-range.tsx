import { useState } from 'react'
import { Dialog, DialogTrigger, Button as Opener, Popover } from 'react-aria-components'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useKeys } from '../../ui/keys.ts'
import { useZone } from '../../ui/preferences.ts'
import { Icon } from '../../ui/symbols.tsx'
import { parseRange, presets, type Range, rangeText } from './range.ts'

/** The span of time, apart from the query: a preset, or typed. */
export function TimeRange({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  const [isOpen, setOpen] = useState(false)
  const zone = useZone()
  useKeys([{ keys: 't', label: 'Span of time', group: 'Search', run: () => setOpen(true) }])
  const choose = (next: Range) => {
    setOpen(false)
    onChange(next)
  }
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Opener className="btn">
        <Icon name="clock" /> {rangeText(range, zone)} <Icon name="down" />
      </Opener>
      <Popover className="layer range" offset={4} placement="bottom end">
        <Dialog aria-label="Span of time">
          <RangeForm range={range} onChoose={choose} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function RangeForm({ range, onChoose }: { range: Range; onChoose: (range: Range) => void }) {
  const [text, setText] = useState(range.to === '' ? range.from : `${short(range.from)} .. ${short(range.to)}`)
  const [error, setError] = useState<string>()
  const take = () => {
    const read = parseRange(text)
    if (read === undefined) setError('Enter -2h, or 2026-11-22 09:00Z .. 11:30Z, the later time second.')
    else onChoose(read)
  }
  return (
    <form
      className="range-form"
      onSubmit={(event) => {
        event.preventDefault()
        take()
      }}
    >
      <ul>
        {presets.map(({ from, label }) => (
          <li key={from}>
            <Button
              kind="quiet"
              aria-pressed={range.from === from && range.to === ''}
              onClick={() => onChoose({ from, to: '' })}
            >
              {label}
            </Button>
          </li>
        ))}
      </ul>
      <TextField
        label="Another span"
        hint="Back from now, or two times with their zone"
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={error}
        spellCheck={false}
      />
      <Button kind="primary" type="submit">
        Use it
      </Button>
    </form>
  )
}

function short(iso: string): string {
  return iso
    .replace('T', ' ')
    .replace(/:00\.000Z$/, 'Z')
    .replace(/\.000Z$/, 'Z')
}
