/** Enough of an id to tell hosts of one name apart. */
const shownOfId = 8

/** How hosts are named in a table: where several have one name, with the beginning of their id. */
export function hostLabels(hosts: readonly { id: string; name: string }[]): (id: string) => string {
  const counts = new Map<string, number>()
  for (const { name } of hosts) counts.set(name, (counts.get(name) ?? 0) + 1)
  const labels = new Map(
    hosts.map(({ id, name }) => [id, counts.get(name) === 1 ? name : `${name} (${id.slice(0, shownOfId)})`]),
  )
  return (id) => labels.get(id) ?? id
}
