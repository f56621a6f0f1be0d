import type { Host } from '../../host.ts'

/**
 * What of a process costs little to read: its line of /proc/<pid>/stat, which stays the same while it sleeps, and whom
 * its folder belongs to: the effective account and group, or root where the process may not be traced, as after a change
 * of accounts (proc(5)). Undefined when the process has ended.
 */
export function glanceAt(host: Host, pid: string): string | undefined {
  const stat = host.textNow(`/proc/${pid}/stat`)
  const owner = host.ownerNow(`/proc/${pid}`)
  if (stat === undefined || owner === undefined) return undefined
  return `${owner.uid} ${owner.gid} ${stat}`
}

/** False where the kernel does not let this account see what would tell. */
export function isTelling(glance: string): boolean {
  return fieldsOf(glance)[startCode] !== hidden
}

/** True when it is the same process, with the same program and accounts, in both. */
export function isSame(a: string, b: string): boolean {
  return a === b || lastingOf(a) === lastingOf(b)
}

/** A process of which the account may not see more shows this place as the beginning of its code (fs/proc/array.c). */
const hidden = '1'
/** Parent of all kernel threads. */
const kthreadd = '2'
/** Fields 4 and 26 of proc(5); the first behind the name is field 3. */
const [parent, startCode] = [1, 23]
/** Terminal, start, and the places of code, data, stack, arguments and environment: a program is laid out anew, at random. */
const places = [4, 19, startCode, 24, 25, 42, 43, 44, 45, 46, 47, 48]

function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** The name of a kernel worker says only what it does just now. */
function lastingOf(glance: string): string {
  const fields = fieldsOf(glance)
  const name = glance.slice(0, fields[parent] === kthreadd ? glance.indexOf('(') : glance.lastIndexOf(')'))
  return `${name} ${fields[parent]} ${places.map((at) => fields[at]).join(' ')}`
}
