import type { Event } from '../decoder.ts'

/** Who began a connection, and the record that says so. Plain JSON. */
export interface Session {
  connection: string
  record: string
  user?: Event['user']
  source?: Event['source']
}

/** So many connections are remembered, none of them longer as JSON than this: all stay below 20 KiB. */
const mostSessions = 48
const mostCharacters = 400

/** Gives what a connection asks the account that began it; its event names the record of that too. */
export function sessionsOf(before: readonly Session[] = []) {
  const sessions = new Map(before.map((session) => [session.connection, session]))
  return {
    complete(event: Event): Event {
      const connection = String(event.tidewaiter.connection)
      if (event.event.action === 'sign-in') {
        remember(event, connection)
        return event
      }
      const session = sessions.get(connection)
      if (event.event.action === 'session-closed') sessions.delete(connection)
      if (session === undefined || event.user !== undefined) return event
      const { record, user, source } = session
      const records = [record, ...(event.tidewaiter.records ?? [event.tidewaiter.record])]
      return {
        ...event,
        ...(user !== undefined && { user }),
        ...(source !== undefined && { source }),
        tidewaiter: { ...event.tidewaiter, record, records },
      }
    },
    open: (): Session[] => [...sessions.values()],
  }

  function remember({ event, user, source, tidewaiter: { record } }: Event, connection: string): void {
    sessions.delete(connection)
    const session: Session = {
      connection,
      record,
      ...(user !== undefined && { user }),
      ...(source !== undefined && { source }),
    }
    if (event.outcome === 'failure' || JSON.stringify(session).length > mostCharacters) return
    const [oldest] = sessions.keys()
    if (sessions.size >= mostSessions && oldest !== undefined) sessions.delete(oldest)
    sessions.set(connection, session)
  }
}
