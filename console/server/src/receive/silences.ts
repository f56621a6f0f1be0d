import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import type { Silence } from './silence.ts'

/** A silence that was raised and goes on. */
export interface OpenSilence extends Silence {
  host: string
  raisedMs: number
}

/** Silence is an alarm: each is written down with its cause when it is noticed, and closed when the host is heard of again. */
export interface Silences {
  /** Those that go on. */
  open(): readonly OpenSilence[]
  /** How a host stands now. Called again and again; what has not changed costs nothing. */
  judge(host: string, silence: Silence | undefined, heardMs: number | undefined): void
  /** The clock of the console was set: what was heard so long ago was heard as long ago as before. */
  shift(ms: number): void
  /** Resolves when all is written. */
  close(): Promise<void>
}

interface SilencesOptions {
  store: Store
  log: Logger
  now(): number
  /** The screens are to be told. */
  changed(host: string): void
}

/** Kept of one host. A flapping one makes no more. */
const mostOfHost = 1000

/** With those that went on when the console was stopped: none is raised twice. */
export async function openSilences({ store, log, now, changed }: SilencesOptions): Promise<Silences> {
  const going = new Map((await goingOn(store)).map((silence) => [silence.host, silence]))
  /** Since when nothing is heard of the hosts whose silence was noticed, raised or not: of one that was revoked nobody expects anything. */
  const noticed = new Map([...going.values()].map(({ host, sinceMs }) => [host, sinceMs]))
  let writing: Promise<unknown> = Promise.resolve()
  const write = (act: () => Promise<unknown>) => {
    writing = writing
      .then(act)
      .catch((cause: unknown) => log.error({ err: cause }, 'a silence could not be written down'))
  }
  const raise = async (host: string, silence: Silence, raisedMs: number) => {
    const row = await store.selectFrom('host').select('state').where('id', '=', host).executeTakeFirst()
    if (row?.state !== 'active' || !noticed.has(host)) return
    going.set(host, { ...silence, host, raisedMs })
    const { cause, isExpected, says, sinceMs } = silence
    const values = {
      host,
      began_at: new Date(sinceMs).toISOString(),
      raised_at: new Date(raisedMs).toISOString(),
      ended_at: null,
      cause,
      expected: isExpected ? 1 : 0,
      says,
    }
    if (isExpected) log.info({ host, cause, since: values.began_at }, 'a host is silent, as it said')
    else log.warn({ host, cause, since: values.began_at }, 'a host is silent')
    await insert(store, values)
    changed(host)
  }
  const end = (host: string, endedMs: number) => {
    noticed.delete(host)
    // In the same line as what is raised: one that is still to be written down is closed behind it.
    write(async () => {
      if (!going.delete(host)) return
      const ended_at = new Date(endedMs).toISOString()
      log.info({ host, at: ended_at }, 'a silent host is heard of again')
      await store
        .updateTable('silence')
        .set({ ended_at })
        .where('host', '=', host)
        .where('ended_at', 'is', null)
        .execute()
      changed(host)
    })
  }
  return {
    open: () => [...going.values()],
    judge(host, silence, heardMs) {
      // What was never heard of has not fallen silent.
      const isSilent = silence !== undefined && silence.cause !== 'never-connected'
      const sinceMs = noticed.get(host)
      if (!isSilent) return sinceMs === undefined ? undefined : end(host, heardMs ?? now())
      // It came and went between two looks: that is another silence, which may have another cause.
      const isAnother = sinceMs !== undefined && silence.sinceMs > sinceMs
      if (sinceMs !== undefined && !isAnother) return
      if (isAnother) end(host, silence.sinceMs)
      const nowMs = now()
      noticed.set(host, silence.sinceMs)
      write(() => raise(host, silence, nowMs))
    },
    shift(ms) {
      for (const [host, sinceMs] of noticed) noticed.set(host, sinceMs + ms)
    },
    close: async () => void (await writing),
  }
}

async function goingOn(store: Store): Promise<OpenSilence[]> {
  const rows = await store.selectFrom('silence').selectAll().where('ended_at', 'is', null).execute()
  return rows.map(({ host, cause, expected, says, began_at, raised_at }) => ({
    host,
    // Written by `raise` alone.
    cause: cause as Silence['cause'],
    isExpected: expected === 1,
    says,
    sinceMs: Date.parse(began_at),
    raisedMs: Date.parse(raised_at),
  }))
}

async function insert(
  store: Store,
  values: {
    host: string
    began_at: string
    raised_at: string
    ended_at: null
    cause: string
    expected: number
    says: string
  },
): Promise<void> {
  const { no } = await store.insertInto('silence').values(values).returning('no').executeTakeFirstOrThrow()
  const kept = store
    .selectFrom('silence')
    .select('no')
    .where('host', '=', values.host)
    .orderBy('no', 'desc')
    .limit(mostOfHost)
  const oldest = (await kept.execute()).at(-1)?.no ?? no
  await store.deleteFrom('silence').where('host', '=', values.host).where('no', '<', oldest).execute()
}
