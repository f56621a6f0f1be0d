import { inFours } from './numbers.ts'

/** A hash to be read over the telephone: groups of four, in two lines. */
export function ReadAloud({ hex }: { hex: string }) {
  const half = Math.ceil(hex.length / 2)
  return (
    <p className="finger">
      {inFours(hex.slice(0, half))}
      <br />
      {inFours(hex.slice(half))}
    </p>
  )
}
