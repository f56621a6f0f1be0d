import type { Host } from '@tidewaiter/protocol/api'
import { HostName } from '../../components/host-name.tsx'
import { StatusMark, standingWord } from '../../components/host-status.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { count, plural } from '../../ui/numbers.ts'
import { formatTime, skewText } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

export const columnsIn = (zone: string): Column<Host>[] => [
  { id: 'name', head: 'Host', look: 'w-l', cell: (host) => <HostName host={host} />, text: ({ name }) => name },
  {
    id: 'status',
    head: 'State, and why',
    cell: ({ status, silence, why = '' }) => (
      <>
        <StatusMark status={status} silence={silence} />{' '}
        <span className="muted">
          <Verbatim text={why} />
        </span>
      </>
    ),
    text: ({ status, silence, why = '' }) => `${standingWord({ status, silence })} ${why}`.trim(),
  },
  { id: 'os', head: 'System', look: 'w-m middling', cell: ({ os }) => <Verbatim text={os} />, text: ({ os }) => os },
  {
    id: 'seen',
    head: 'Last seen',
    look: 'w-second',
    cell: ({ lastSeenAt }) => (lastSeenAt === null ? 'Never' : <TimeText at={lastSeenAt} precision="second" />),
    text: ({ lastSeenAt }) => (lastSeenAt === null ? 'Never' : formatTime(lastSeenAt, { zone, precision: 'second' })),
  },
  {
    id: 'sources',
    head: 'Sources',
    look: 'w-s num mono wide',
    cell: ({ sourcesOk, sourcesTotal }) => `${sourcesOk} of ${sourcesTotal}`,
    text: ({ sourcesOk, sourcesTotal }) => `${sourcesOk} of ${sourcesTotal} work`,
  },
  {
    id: 'clock',
    head: 'Clock',
    look: 'w-m wide',
    cell: ({ clockOffsetMs }) => (clockOffsetMs === null ? 'Not measured' : skewText(clockOffsetMs)),
    text: ({ clockOffsetMs }) => (clockOffsetMs === null ? 'Not measured' : skewText(clockOffsetMs)),
  },
  {
    id: 'findings',
    head: 'New',
    look: 'w-xs num mono',
    cell: ({ openFindings }) => count(openFindings),
    text: ({ openFindings }) => plural(openFindings, 'new finding'),
  },
]
