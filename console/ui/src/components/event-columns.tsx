import type { EventRow } from '@tidewaiter/protocol/api'
import type { Column } from '../ui/data-table.tsx'
import { HashText } from '../ui/hash-text.tsx'
import { formatTime } from '../ui/time.ts'
import { TimeText } from '../ui/time-text.tsx'
import { Verbatim } from '../ui/verbatim.tsx'
import { fieldOf, summaryOf, textField, typeOf } from './event-text.ts'

/** Columns of tables of events. */
export function timeColumn(zone: string): Column<EventRow> {
  return {
    id: 'time',
    head: zone === 'UTC' ? 'Time (UTC)' : 'Time',
    look: 'w-time mono',
    cell: ({ at }) => <TimeText at={at} />,
    text: ({ at }) => formatTime(at, { zone }),
  }
}

/** The same as the clock of the host said: a host whose clock is wrong is seen at a glance. */
export function hostTimeColumn(zone: string): Column<EventRow> {
  return {
    id: 'host-time',
    head: 'By the host’s clock',
    look: 'w-time mono widest',
    cell: ({ at, hostAt }) => (at === hostAt ? <span className="muted">the same</span> : <TimeText at={hostAt} />),
    text: ({ hostAt }) => formatTime(hostAt, { zone }),
  }
}

/** A column of one field of the document; several names are tried in order. */
export function fieldColumn(head: string, names: readonly string[], look?: string): Column<EventRow> {
  const read = ({ document }: EventRow) =>
    names.map((name) => textField(document, name)).find((text) => text !== undefined) ?? ''
  return {
    id: head,
    head,
    ...(look !== undefined && { look }),
    cell: (row) => <Verbatim text={read(row)} />,
    text: read,
  }
}

/** A column of one number of the document. */
export function numberColumn(head: string, name: string, say: (value: number) => string): Column<EventRow> {
  const read = ({ document }: EventRow) => {
    const value = fieldOf(document, name)
    return typeof value === 'number' ? say(value) : ''
  }
  return { id: head, head, look: 'w-s num mono', cell: read, text: read }
}

/** A column of what is made of a document in a word. */
export function wordColumn(
  head: string,
  wordOf: (document: EventRow['document']) => string,
  look: string,
): Column<EventRow> {
  return {
    id: head,
    head,
    look,
    cell: ({ document }) => <Verbatim text={wordOf(document)} />,
    text: ({ document }) => wordOf(document),
  }
}

/** The program's hash in short, or why there is none. */
export const hashColumn: Column<EventRow> = {
  id: 'hash',
  head: 'SHA-256',
  look: 'w-m mono widest',
  cell: ({ document }) => {
    const hash = textField(document, 'process.hash.sha256')
    if (hash !== undefined) return <HashText hex={hash} />
    return fieldOf(document, 'tidewaiter.not_hashed') === undefined ? '' : <span className="muted">not hashed</span>
  },
  text: ({ document }) =>
    textField(document, 'process.hash.sha256') ?? textField(document, 'tidewaiter.not_hashed') ?? '',
}

/** Address and port of one end of a connection; the end that is the host's own stands out. */
export function endColumn(head: string, side: 'source' | 'destination'): Column<EventRow> {
  const read = ({ document }: EventRow) => {
    const ip = textField(document, `${side}.ip`) ?? ''
    const port = textField(document, `${side}.port`)
    return port === undefined ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
  }
  const cell = (row: EventRow) =>
    textField(row.document, 'tidewaiter.own_end') === side ? (
      <>
        <b>
          <Verbatim text={read(row)} />
        </b>
        <span className="vh">, end of this process</span>
      </>
    ) : (
      <Verbatim text={read(row)} />
    )
  return { id: head, head, look: 'mono', cell, text: read }
}

export const typeColumn: Column<EventRow> = {
  id: 'type',
  head: 'Type',
  look: 'w-s',
  cell: ({ document }) => typeOf(document),
  text: ({ document }) => typeOf(document),
}

export const whatColumn: Column<EventRow> = {
  id: 'what',
  head: 'What the host said, in short',
  cell: ({ document }) => <Verbatim text={summaryOf(document)} />,
  text: ({ document }) => summaryOf(document),
}
