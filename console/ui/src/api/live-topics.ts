/** Which cached answers a live topic makes stale. Keys are the first parts of query keys. */
const byTopic: Record<string, readonly string[]> = {
  overview: ['overview', 'incidents'],
  hosts: ['hosts', 'detectors'],
  findings: ['findings', 'finding', 'detectors'],
  indicators: ['indicators', 'sightings'],
  enrol: ['tokens', 'attempts', 'hosts'],
  refusals: ['refusals'],
}

const byPrefix: Record<string, string> = { host: 'host', incident: 'incident', package: 'package' }

/** Query keys to ask again when `topic` changed; none for topics that carry their own rows. */
export function keysOfTopic(topic: string): readonly (readonly string[])[] {
  const simple = byTopic[topic]
  if (simple !== undefined) return simple.map((key) => [key])
  const colon = topic.indexOf(':')
  const key = byPrefix[topic.slice(0, Math.max(colon, 0))]
  if (key === undefined) return []
  const id = topic.slice(colon + 1)
  return key === 'incident' ? [['incident', id], ['incidents']] : [[key, id]]
}
