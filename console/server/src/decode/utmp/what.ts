import type { Event } from '../decoder.ts'
import type { Login } from './record.ts'

export interface What {
  category: readonly string[]
  type: readonly string[]
  action: string
  outcome?: NonNullable<Event['event']['outcome']>
  message: string
}

/** Where a record stands: in the file of failed attempts, or in a snapshot of the sessions there are. */
interface Place {
  isFailed: boolean
  holds: 'all' | 'appeared' | 'ended' | undefined
}

const host = ['host'] as const

/** What a record says. `LOGIN` is the name that getty writes while it waits for one. */
export function whatOf(login: Login, { isFailed, holds }: Place): What {
  const { type, user, terminal } = login
  const isAttempt = type === 'login' && user !== 'LOGIN' && user !== ''
  if (isFailed || isAttempt) return failed(login)
  if (holds === 'ended') return ended(login)
  if (type === 'user') return holds === undefined ? signedIn(login) : present(login, holds)
  if (type === 'dead')
    return {
      category: ['authentication', 'session'],
      type: ['end'],
      action: 'sign-out',
      message: `${terminal} was left`,
    }
  if (type === 'boot') return { category: host, type: ['start'], action: 'boot', message: `started: ${login.host}` }
  if (type === 'shutdown') return { category: host, type: ['end'], action: 'shutdown', message: 'shut down' }
  if (type === 'run-level') return runLevel(login)
  if (type === 'new-time' || type === 'old-time')
    return { category: host, type: ['change'], action: 'clock-changed', message: `clock changed (${type})` }
  return { category: host, type: ['info'], action: type, message: `${type} ${terminal}`.trim() }
}

function failed({ user, terminal }: Login): What {
  const message = `${user} was refused on ${terminal}`
  return { category: ['authentication'], type: ['start'], action: 'sign-in', outcome: 'failure', message }
}

function signedIn({ user, terminal }: Login): What {
  const message = `${user} signed in on ${terminal}`
  return { category: ['authentication', 'session'], type: ['start'], action: 'sign-in', outcome: 'success', message }
}

/** The sign-in itself stands in wtmp. */
function present({ user, terminal }: Login, holds: 'all' | 'appeared'): What {
  const message = `${user} is signed in on ${terminal}`
  const isNew = holds === 'appeared'
  return {
    category: ['session'],
    type: [isNew ? 'start' : 'info'],
    action: isNew ? 'session-opened' : 'session-seen',
    message,
  }
}

function ended({ type, user, terminal }: Login): What {
  const message = `the entry of ${terminal} was written over`
  if (type === 'user')
    return { category: ['session'], type: ['end'], action: 'session-closed', message: `${user} left ${terminal}` }
  return { category: host, type: ['info'], action: 'entry-replaced', message }
}

function runLevel({ user, pid }: Login): What {
  if (user === 'shutdown') return { category: host, type: ['end'], action: 'shutdown', message: 'shut down' }
  // The level as a character; the one before it stands in the next byte.
  const level = String.fromCharCode(pid & 0xff)
  const message = /[0-9A-Za-z]/.test(level) ? `run level ${level}` : 'run level'
  return { category: host, type: ['change'], action: 'run-level-changed', message }
}
