import { guessField, quoted } from './chips.ts'

/** Fields that a search knows by name, in the words of ECS, and what they hold. */
export const fields: readonly { name: string; says: string }[] = [
  { name: 'ip', says: 'an address, wherever it stands; also 10.0.0.0/8' },
  { name: 'hash', says: 'a hash, wherever it stands' },
  { name: 'host', says: 'the host, by its name' },
  { name: 'user.name', says: 'the account' },
  { name: 'user.target.name', says: 'the account it was done to' },
  { name: 'source.ip', says: 'where it came from' },
  { name: 'source.port', says: 'port it came from' },
  { name: 'destination.ip', says: 'where it went' },
  { name: 'destination.port', says: 'port it went to' },
  { name: 'event.dataset', says: 'the decoder: sshd, sudo, process, socket' },
  { name: 'event.category', says: 'authentication, process, network, file, iam' },
  { name: 'event.action', says: 'what was done' },
  { name: 'event.outcome', says: 'success or failure' },
  { name: 'process.name', says: 'the program' },
  { name: 'process.pid', says: 'its number' },
  { name: 'process.executable', says: 'the path of the program' },
  { name: 'process.hash.sha256', says: 'the hash of the program' },
  { name: 'service.name', says: 'the service' },
  { name: 'file.path', says: 'the file' },
]

const mostOffers = 8

export interface FieldOffer {
  /** The whole query once taken. */
  query: string
  name: string
  says: string
}

/** What the last word of the query could become: a field by its name, or a value that is known by its shape. */
export function fieldOffers(query: string): FieldOffer[] {
  const last = /[^\s()]*$/.exec(query)?.[0] ?? ''
  const before = query.slice(0, query.length - last.length)
  if (last === '' || last.includes('"')) return []
  const field = guessField(last)
  const typed =
    field === undefined
      ? []
      : [
          {
            query: `${before}${field}:${quoted(last)}`,
            name: `${field}:${last}`,
            says: 'this value, wherever it stands',
          },
        ]
  if (last.includes(':')) return typed
  const wanted = last.toLowerCase()
  const named = fields
    .filter(({ name }) => name.includes(wanted))
    .map(({ name, says }) => ({ query: `${before}${name}:`, name: `${name}:`, says }))
  return [...typed, ...named].slice(0, mostOffers)
}
