import type { EventRow } from '@tidewaiter/protocol/api'
import { hostTimeColumn, timeColumn, typeColumn, whatColumn } from '../../components/event-columns.tsx'
import { HostName } from '../../components/host-name.tsx'
import type { Column } from '../../ui/data-table.tsx'

const hostColumn: Column<EventRow> = {
  id: 'host',
  head: 'Host',
  look: 'w-m middling',
  cell: ({ host }) => <HostName host={host} />,
  text: ({ host }) => host.name,
}

export const columnsIn = (zone: string): readonly Column<EventRow>[] => [
  timeColumn(zone),
  hostTimeColumn(zone),
  hostColumn,
  typeColumn,
  whatColumn,
]
