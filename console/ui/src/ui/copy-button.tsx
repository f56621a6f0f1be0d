import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { Icon } from './symbols.tsx'

/** Plain http on another address than loopback has no clipboard API; then a selection is copied the old way. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const box = document.createElement('textarea')
  box.className = 'vh'
  box.value = text
  document.body.append(box)
  box.select()
  const done = document.execCommand('copy')
  box.remove()
  return done
}

interface Props {
  /** What is copied; as a function where making it costs something. */
  text: string | (() => string)
  /** What is copied, in words. */
  label?: string
  primary?: boolean
}

/** Copies and says whether it worked. */
export function CopyButton({ text, label, primary = false }: Props) {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (said === '') return
    const timer = setTimeout(() => setSaid(''), 4000)
    return () => clearTimeout(timer)
  }, [said])
  const press = () =>
    void copy(typeof text === 'string' ? text : text()).then((done) =>
      setSaid(done ? 'Copied' : 'Not copied: select it and press Ctrl C'),
    )
  return (
    <>
      <Button small {...(primary && { kind: 'primary' as const })} onClick={press}>
        <Icon name="copy" /> {said || 'Copy'}
        {label !== undefined && <span className="vh"> {label}</span>}
      </Button>
      <span className="vh" role="status">
        {said}
      </span>
    </>
  )
}
