import type { ChannelMeanings, Meaning } from './meaning.ts'
import { account, end, type Rule, text } from './rule.ts'

const session: readonly Rule[] = [account('User', 'user'), end('Address', undefined, 'source')]

function ofSession(says: string, action: string, type: string): Meaning {
  return { says, action, category: ['session'], type: [type], rules: session, about: 'user.name' }
}

/** Numbers of sessions on a machine, at its own screen and from afar. */
export const localSessions: ChannelMeanings = {
  channel: 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  providers: ['Microsoft-Windows-TerminalServices-LocalSessionManager'],
  meanings: new Map<number, Meaning>([
    [
      21,
      {
        ...ofSession('An account signed in to a session', 'sign-in', 'start'),
        category: ['authentication', 'session'],
        outcome: 'success',
      },
    ],
    [22, ofSession('The desktop of a session was started', 'desktop-started', 'info')],
    [
      23,
      {
        ...ofSession('An account signed out of a session', 'sign-out', 'end'),
        category: ['authentication', 'session'],
      },
    ],
    [24, ofSession('A session was disconnected', 'session-disconnected', 'end')],
    [25, ofSession('A session was connected again', 'session-reconnected', 'start')],
  ]),
}

export const remoteConnections: ChannelMeanings = {
  channel: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational',
  providers: ['Microsoft-Windows-TerminalServices-RemoteConnectionManager'],
  meanings: new Map<number, Meaning>([
    [
      1149,
      {
        // Its own text speaks of a user who authenticated; without NLA it is written before anyone has.
        says: 'A remote desktop client connected',
        action: 'connection-opened',
        category: ['network'],
        type: ['connection', 'start'],
        rules: [text('Param1', 'user.name'), text('Param2', 'user.domain'), end('Param3', undefined, 'source')],
        about: 'user.name',
      },
    ],
  ]),
}
