import type { EventRow } from '@tidewaiter/protocol/api'
import { directionOf, happenedOf, programOf } from '../../components/activity-text.ts'
import {
  endColumn,
  fieldColumn,
  hashColumn,
  numberColumn,
  timeColumn,
  typeColumn,
  whatColumn,
  wordColumn,
} from '../../components/event-columns.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { bytesText } from '../../ui/numbers.ts'

/** One way to look at the events of a host: which of them, and what stands in the columns. */
export interface Lens {
  /** Table and region name. */
  label: string
  /** The `event.category` that is looked at; everything when left out. */
  category?: string
  /** Sources whose records may fill it: a part of their id. */
  sources: RegExp
  /** Which records would fill it, for a host that sends none. */
  needs: string
  columns: (zone: string) => readonly Column<EventRow>[]
}

export const lenses: Record<'events' | 'processes' | 'network' | 'logins', Lens> = {
  events: {
    label: 'Events',
    sources: /^/,
    needs: 'any source',
    columns: (zone) => [timeColumn(zone), typeColumn, whatColumn],
  },
  processes: {
    label: 'Processes',
    category: 'process',
    sources: /^process\b|^auditd?\b|\/audit\.log$/,
    needs: 'the process table, auditd or the Security log',
    columns: (zone) => [
      timeColumn(zone),
      wordColumn('What', happenedOf, 'w-what'),
      wordColumn('Process', programOf, 'w-m'),
      fieldColumn('PID', ['process.pid'], 'w-xs num mono middling'),
      fieldColumn('Account', ['user.name'], 'w-s wide'),
      fieldColumn('Command line', ['process.command_line', 'process.executable', 'message'], 'mono'),
      hashColumn,
      fieldColumn('Started by', ['process.parent.name', 'process.parent.pid'], 'w-s wide'),
    ],
  },
  network: {
    label: 'Network',
    category: 'network',
    sources: /^socket\b|^capture\b/,
    needs: 'socket snapshots or a capture',
    columns: (zone) => [
      timeColumn(zone),
      wordColumn('What', happenedOf, 'w-what'),
      wordColumn('Process', programOf, 'w-s'),
      wordColumn('Direction', directionOf, 'w-s wide'),
      fieldColumn('Protocol', ['network.protocol', 'network.transport'], 'w-what wide'),
      endColumn('From', 'source'),
      endColumn('To', 'destination'),
      { ...numberColumn('Bytes out', 'source.bytes', bytesText), look: 'w-s num mono widest' },
    ],
  },
  logins: {
    label: 'Logins',
    category: 'authentication',
    sources: /^login:|^journal:|\/(?:auth\.log|secure)$/,
    needs: 'a sign-in log: auth.log, the journal, or the Security log',
    columns: (zone) => [
      timeColumn(zone),
      fieldColumn('Outcome', ['event.outcome'], 'w-s'),
      fieldColumn('Account', ['user.name'], 'w-m'),
      endColumn('From', 'source'),
      fieldColumn('Service', ['service.name', 'event.dataset'], 'w-s wide'),
      whatColumn,
    ],
  },
}
