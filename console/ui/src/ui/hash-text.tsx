import { shortHash } from './numbers.ts'

/** A hash in short; the whole of it in the title, and for those who listen. */
export function HashText({ hex }: { hex: string }) {
  return (
    <span className="mono nowrap" title={hex}>
      {shortHash(hex)}
    </span>
  )
}
