import type { CoverageSpan } from '@tidewaiter/protocol/api'
import type { Selectable } from 'kysely'
import type { Ledger } from '../../ledger/ledger.ts'
import { silentMs } from '../../receive/silence.ts'
import { writtenState } from '../../receive/standings.ts'
import { statusOf } from '../../receive/status.ts'
import type { Store } from '../../store/store.ts'
import type { HostTable } from '../../store/tables.ts'
import { coverageFrom, type HostStanding } from '../host-coverage.ts'
import { evidenceOf } from './coverage.ts'
import type { Handles } from './handles.ts'
import { leftOutOf, type Unread, unreadOf } from './left-out.ts'

export interface CoverageOptions {
  handles: Handles
  store: Store
  ledger: Pick<Ledger, 'entry'>
  nowMs: number
}

/** Coverage by id of the host, in the order of their names. */
export type CoverageByHost = ReadonlyMap<string, CoverageSpan[]>

/** Coverage of every host, by what was written down last of how it stands. */
export async function coverageOfAll(options: CoverageOptions): Promise<CoverageByHost> {
  const { store, handles, ledger, nowMs } = options
  const rows = await store.selectFrom('host').select(columns).orderBy('name').orderBy('id').execute()
  const unread = await unreadOf(handles, ledger)
  const coverage = new Map<string, CoverageSpan[]>()
  for (const row of rows)
    coverage.set(row.id, await coverageOf(options, { id: row.id, standing: writtenDown(row, nowMs), unread }))
  return coverage
}

/** Coverage of one host that stands like this. */
export async function coverageOfHost(
  options: CoverageOptions,
  id: string,
  standing: HostStanding,
): Promise<CoverageSpan[]> {
  return coverageOf(options, { id, standing, unread: await unreadOf(options.handles, options.ledger) })
}

async function coverageOf(
  { handles, nowMs }: CoverageOptions,
  { id, standing, unread }: { id: string; standing: HostStanding; unread: ReadonlyMap<string, Unread> },
): Promise<CoverageSpan[]> {
  const leftOut = await leftOutOf(handles, id, unread.get(id))
  return coverageFrom({ ...(await evidenceOf(handles, id)), leftOut }, standing, nowMs)
}

const columns = [
  'id',
  'kind',
  'state',
  'enrolled_at',
  'certificate_expires_at',
  'last_seen_at',
  'last_state',
  'farewell',
] as const

function writtenDown(row: Pick<Selectable<HostTable>, (typeof columns)[number]>, nowMs: number): HostStanding {
  const { kind, state, farewell } = row
  const heardMs = toMs(row.last_seen_at)
  const seen = {
    kind,
    state,
    farewell,
    heardMs,
    isConnected: state === 'active' && farewell === null && heardMs !== undefined && nowMs - heardMs < silentMs,
    enrolledMs: Date.parse(row.enrolled_at),
    said: writtenState(row),
  }
  return {
    ...seen,
    why: statusOf({ ...seen, ...unknown, certificateEndsMs: toMs(row.certificate_expires_at) }, nowMs).why,
  }
}

/** What nobody writes down, as it is where all goes well. */
const unknown = {
  isServed: true,
  mayOnlyRenew: false,
  connectedMs: undefined,
  batchMs: undefined,
  lag: 0,
  lagSinceMs: undefined,
  fullSinceMs: undefined,
}

function toMs(time: string | null): number | undefined {
  return time === null ? undefined : Date.parse(time)
}
