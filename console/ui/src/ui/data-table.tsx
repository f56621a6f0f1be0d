import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import type { Href } from './link.tsx'
import { Link } from './link.tsx'
import { useRowKeys } from './row-keys.ts'
import { rowsToDraw, scrolledTo } from './row-window.ts'

export interface Column<Row> {
  id: string
  head: string
  cell: (row: Row) => ReactNode
  /** The same as plain text, for copying and for the title of a cell that is cut. */
  text: (row: Row) => string
  /** Class of width and kind: `w-time`, `num`, `mono`. */
  look?: string
}

interface Props<Row> {
  /** Name of the table and of the region it scrolls in. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** Where the name of a row leads; rows without it are not opened. */
  hrefOf?: (row: Row) => Href
  /** Key of the row that is open beside the table. */
  open?: string
  /** How many there are in all, rows not fetched yet included; `unknown` where that is only a lower bound. */
  total?: number | 'unknown'
  /** Asks for more rows when the end comes into sight. */
  onEnd?: (() => void) | undefined
}

/**
 * A real table of rows of one height: fixed columns, sticky head, only the rows in sight in the document. The first
 * column names the row and links to it.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, keyOf, open = '', total, onEnd } = props
  const region = useRef<HTMLElement>(null)
  const view = useRegion(region)
  const openAt = open === '' ? -1 : rows.findIndex((row) => keyOf(row) === open)
  const keys = useRowKeys(region, rows.length, openAt)
  useOpenInSight(region, open, openAt)
  const runs = rowsToDraw({ ...view, count: rows.length, keep: keys.active })
  const last = runs.findLast((run) => run.kind === 'rows')
  const nearEnd = last?.kind === 'rows' && last.to >= rows.length
  useLayoutEffect(() => {
    if (nearEnd) onEnd?.()
  }, [nearEnd, onEnd])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="scroll data" aria-label={label} tabIndex={0} ref={region} onScroll={view.look}>
      <table className="fixed" aria-rowcount={total === 'unknown' ? -1 : (total ?? rows.length) + 1} aria-label={label}>
        <Head columns={columns} />
        <tbody onKeyDown={keys.onKeyDown}>
          {/* One flat list: nested ones are told apart by their place, and all rows would be made anew with each gap. */}
          {runs.flatMap((run) =>
            run.kind === 'gap' ? (
              // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it holds nothing, only its height
              <tr key={`gap${run.from}`} aria-hidden="true" className="gap">
                {/* A style: the heights that the style sheet gives to cells win over the attribute. */}
                <td style={{ height: run.px }} />
              </tr>
            ) : (
              rows
                .slice(run.from, run.to)
                .map((row, at) => (
                  <Row
                    key={keyOf(row)}
                    {...props}
                    row={row}
                    at={run.from + at}
                    active={keys.active === run.from + at}
                  />
                ))
            ),
          )}
        </tbody>
      </table>
    </section>
  )
}

function Head<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ id, head, look }) => (
          <th key={id} scope="col" className={look}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Row<Row>({
  columns,
  keyOf,
  hrefOf,
  open,
  row,
  at,
  active,
}: Props<Row> & { row: Row; at: number; active: boolean }) {
  const isOpen = keyOf(row) === open
  return (
    <tr aria-rowindex={at + 2} className={isOpen ? 'sel' : undefined}>
      {columns.map(({ id, cell, text, look }, column) =>
        column === 0 ? (
          <th key={id} scope="row" className={look} title={text(row)}>
            {hrefOf === undefined ? (
              cell(row)
            ) : (
              <Link
                to={hrefOf(row)}
                data-row={at}
                tabIndex={active ? 0 : -1}
                {...(isOpen && { 'aria-current': 'true' as const })}
              >
                {cell(row)}
              </Link>
            )}
          </th>
        ) : (
          <td key={id} className={look} title={text(row)}>
            {cell(row)}
          </td>
        ),
      )}
    </tr>
  )
}

/** The open row stays where it is when rows come before it, and comes into sight when another way led to it. */
function useOpenInSight(region: React.RefObject<HTMLElement | null>, open: string, at: number) {
  const before = useRef({ open: '', at: -1 })
  useLayoutEffect(() => {
    const box = region.current
    const was = before.current
    before.current = { open, at }
    const rowPx = box === null ? undefined : rowHeight(box)
    if (box === null || rowPx === undefined || at < 0) return
    const headPx = box.querySelector('thead')?.clientHeight ?? 0
    const moved = was.open === open && was.at >= 0 ? at - was.at : undefined
    const top = scrolledTo({ at, moved, rowPx, top: box.scrollTop, height: box.clientHeight - headPx })
    if (top !== box.scrollTop) box.scrollTop = top
  }, [region, open, at])
}

/** Undefined where a drawer takes the place of the list: then nothing of it has a size. */
function rowHeight(box: HTMLElement): number | undefined {
  return box.querySelector('tbody tr:not(.gap)')?.getBoundingClientRect().height || undefined
}

/** Scroll position and size of the region, and the height of its rows; a new value only every few rows. */
function useRegion(region: React.RefObject<HTMLElement | null>) {
  const [view, setView] = useState({ top: 0, height: 800, rowPx: 32 })
  const look = () => {
    const box = region.current
    // Where a drawer takes the place of the list, nothing of it has a size.
    if (box === null || box.clientHeight === 0) return
    const rowPx = rowHeight(box) ?? view.rowPx
    const step = rowPx * 8
    const next = { top: Math.floor(box.scrollTop / step) * step, height: box.clientHeight + step, rowPx }
    if (next.top !== view.top || next.height !== view.height || next.rowPx !== view.rowPx) setView(next)
  }
  useLayoutEffect(look)
  return { ...view, look }
}
