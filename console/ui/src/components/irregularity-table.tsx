import type { Irregularity } from '@tidewaiter/protocol/api'
import { count } from '../ui/numbers.ts'
import { Scroll } from '../ui/scroll.tsx'
import { TimeText } from '../ui/time-text.tsx'
import { Verbatim } from '../ui/verbatim.tsx'

/** What was refused or does not fit, newest first. `withBatch` where it is about batches of a host. */
export function IrregularityTable({
  label,
  rows,
  withBatch = false,
}: {
  label: string
  rows: readonly Irregularity[]
  withBatch?: boolean
}) {
  return (
    <Scroll label={label}>
      <table className="top-align">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What</th>
            {withBatch && (
              <th scope="col" className="num">
                Batch
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, code, says, seq, address }) => (
            <tr key={`${at} ${code} ${seq} ${address}`}>
              <td className="nowrap">
                <TimeText at={at} />
              </td>
              <th scope="row">
                <Verbatim text={says} />
                <span className="meta block mono">
                  {code}
                  {address !== null && ` from ${address}`}
                </span>
              </th>
              {withBatch && <td className="num mono">{seq === null ? '–' : count(seq)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
