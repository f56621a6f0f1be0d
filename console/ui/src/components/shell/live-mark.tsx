import { live, useLiveState } from '../../api/live.ts'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/now.ts'
import { Shape, type ShapeName } from '../../ui/symbols.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Note } from '../note.tsx'

const marks: Record<ReturnType<typeof useLiveState>['state'], { shape: ShapeName; word: string }> = {
  connecting: { shape: 'pending', word: 'Connecting' },
  live: { shape: 'online', word: 'Live' },
  asking: { shape: 'lagging', word: 'Not live' },
  offline: { shape: 'silent', word: 'Offline' },
}

/** Whether what is shown follows what happens. */
export function LiveMark() {
  const { shape, word } = marks[useLiveState().state]
  return (
    <span className="topbtn" role="status">
      <Shape name={shape} /> {word}
    </span>
  )
}

/** Above the page while the connection is lost: since when, what still works, when it is tried again. */
export function LostBar() {
  const state = useLiveState()
  const now = useNow()
  if (state.state !== 'asking' && state.state !== 'offline') return null
  const since = new Date(state.since).toISOString()
  const seconds = Math.max(0, Math.ceil((state.retryAt - now) / 1000))
  return (
    <div className="lost-bar">
      <Note
        shape={marks[state.state].shape}
        action={
          <Button small onClick={live.retryNow}>
            Try now
          </Button>
        }
      >
        <b>
          {state.state === 'offline' ? 'Connection lost' : 'Not live since'} <TimeText at={since} precision="second" />.
        </b>{' '}
        {state.state === 'offline'
          ? 'What you see is saved data as of then; acts that need the console wait until it is back.'
          : 'The console answers, its live line does not: pages renew only when you open them.'}{' '}
        Trying again in {seconds} s.
      </Note>
    </div>
  )
}
