import type { HostDetail } from '@tidewaiter/protocol/api'
import { Empty } from '../../components/empty.tsx'
import { silenceWord } from '../../components/host-status.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { durationText } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

/** When nothing was heard of the host: what the console made of it, and what the host sealed about it since. */
export function Silences({ host: { silences } }: { host: HostDetail }) {
  return (
    <Panel title="Silences" meta="raised within a minute of the last sign of life">
      {silences.length === 0 ? (
        <Empty
          state={{
            kind: 'good-news',
            title: 'Never silent',
            says: 'Since this console watches it, the host was heard of all the time.',
          }}
        />
      ) : (
        <Scroll label="Silences">
          <table className="top-align">
            <thead>
              <tr>
                <th scope="col">Last heard</th>
                <th scope="col">Until</th>
                <th scope="col">What it was</th>
              </tr>
            </thead>
            <tbody>
              {silences.map((silence) => (
                <Row key={silence.raisedAt} silence={silence} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  )
}

function Row({ silence }: { silence: HostDetail['silences'][number] }) {
  const { from, to, says, settled, isExpected } = silence
  return (
    <tr>
      <td className="nowrap">
        <TimeText at={from} precision="second" />
      </td>
      <td className="nowrap">
        {to === null ? (
          'It goes on'
        ) : (
          <>
            <TimeText at={to} precision="second" />
            <span className="meta block">{durationText(Date.parse(to) - Date.parse(from))}</span>
          </>
        )}
      </td>
      <th scope="row">
        <Verbatim text={settled ?? says} />
        <span className="meta block">
          {isExpected ? 'the machine was shut down' : 'alarm'}; to the console it looked like: {silenceWord(silence)}
          {settled === undefined ? '' : '; settled by what the host sealed'}
        </span>
      </th>
    </tr>
  )
}
