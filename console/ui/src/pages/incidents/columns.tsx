import type { IncidentRow } from '@tidewaiter/protocol/api'
import { clockWords } from '../../components/shell/clock.ts'
import type { Column } from '../../ui/data-table.tsx'
import { formatTime } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

export const columnsIn = (zone: string, now: number): Column<IncidentRow>[] => [
  { id: 'id', head: 'Incident', look: 'w-m', cell: ({ id }) => id, text: ({ id }) => id },
  { id: 'name', head: 'Name', look: 'roomy', cell: ({ name }) => <Verbatim text={name} />, text: ({ name }) => name },
  {
    id: 'clock',
    head: 'Deadline',
    cell: (row) => <Deadline row={row} now={now} />,
    text: ({ clock, closedAt }) => {
      if (closedAt !== null) return `Closed ${formatTime(closedAt, { zone, precision: 'minute' })}`
      if (clock === null) return 'No clock'
      const { strong, rest } = clockWords(clock, now)
      return `${strong} ${rest}`
    },
  },
  {
    id: 'facts',
    head: 'Facts',
    look: 'w-s num mono',
    cell: ({ factsAnswered, factsTotal }) => `${factsAnswered} of ${factsTotal}`,
    text: ({ factsAnswered, factsTotal }) => `${factsAnswered} of ${factsTotal} answered`,
  },
  {
    id: 'opened',
    head: 'Opened',
    look: 'w-time',
    cell: ({ openedAt }) => <TimeText at={openedAt} precision="minute" />,
    text: ({ openedAt, openedBy }) => `${formatTime(openedAt, { zone, precision: 'minute' })} by ${openedBy}`,
  },
]

function Deadline({ row: { clock, closedAt }, now }: { row: IncidentRow; now: number }) {
  if (closedAt !== null)
    return (
      <span className="muted">
        Closed <TimeText at={closedAt} precision="minute" />
      </span>
    )
  if (clock === null) return 'No clock'
  const { tone, strong, rest } = clockWords(clock, now)
  return (
    <>
      <b className={tone === 'missed' ? 'danger' : undefined}>{strong}</b> {rest}
    </>
  )
}
