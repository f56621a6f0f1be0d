import { isAbsolute } from 'node:path'
import type { DatabaseServer } from '@tidewaiter/protocol'

/** What of the configured servers is of the right shape but cannot be meant, and where it stands. */
export function databaseProblemOf(servers: readonly DatabaseServer[]): { path: string[]; says: string } | undefined {
  const names = servers.map(({ name }) => name)
  for (const [i, server] of servers.entries()) {
    const problem = names.indexOf(server.name) < i ? { key: 'name', says: twice(server) } : problemOf(server)
    if (problem !== undefined) return { path: ['databases', `${i}`, problem.key], says: problem.says }
  }
  return undefined
}

const twice = ({ name }: DatabaseServer) => `"${name}" is the name of two servers. Give each one of its own.`

function problemOf(server: DatabaseServer): { key: string; says: string } | undefined {
  const { name, engine, socket, host } = server
  if (name === 'process')
    return { key: 'name', says: '"process" is what the agent calls servers it has no account for. Give another name.' }
  if ((socket === undefined) === (host === undefined))
    return { key: 'name', says: `"${name}" needs a socket or a host. Give one of the two.` }
  if (engine === 'sql-server' && host === undefined)
    return { key: 'socket', says: 'SQL Server has no socket. Give its host.' }
  for (const key of ['socket', 'passwordFile', 'caFile'] as const) {
    const path = server[key]
    if (path !== undefined && !isAbsolute(path)) return { key, says: `"${path}" is not a full path. Begin it with /.` }
  }
  return undefined
}
