import { Verbatim } from '../ui/verbatim.tsx'
import { shortId, useSharedNames } from './shared-names.ts'

/** The name of a host; where other hosts have the same, with the beginning of its id. */
export function HostName({ host: { id, name } }: { host: { id: string; name: string } }) {
  const shared = useSharedNames()
  return (
    <>
      <Verbatim text={name} />
      {shared.has(name.toLowerCase()) && (
        <>
          {' '}
          <span className="host-id">{shortId(id)}</span>
        </>
      )}
    </>
  )
}
