import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { Button } from './button.tsx'

interface Props {
  /** Words of the button: `Choose a package…`. */
  label: string
  accept?: string
  onFile: (file: File) => void
  children?: ReactNode
}

/** A place to drop a file on, with a real button for those who do not drag. */
export function FileDrop({ label, accept, onFile, children }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const over = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file !== undefined) onFile(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is extra; the button does the same
    <div className={isOver ? 'drop over' : 'drop'} onDragOver={over} onDragLeave={() => setOver(false)} onDrop={drop}>
      <Button onClick={() => input.current?.click()}>{label}</Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0]
          // The same file chosen again is a new choice.
          event.target.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
      <div className="meta">{children}</div>
    </div>
  )
}
