import { readFields, type Structure } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Fact, Meaning } from './meaning.ts'

/** What is in `C`: place and length of name and comment, place and number of the members, from where they count. */
const from = 0x34
const [name, comment, members, memberCount] = [0x10, 0x1c, 0x28, 0x30]
const mostMembers = 1000

/** Local groups and who is in them. Those that came with Windows are below `Builtin`. */
export const groups: readonly Meaning[] = [{ paths: ['HKLM\\SAM\\SAM\\Domains\\*\\Aliases\\*'], read: groupOf }]

function groupOf(key: Key): Fact[] {
  const group = readFields(key.bytes('C'), (c) => ({
    id: c.u32(0),
    name: c.wide(from + c.u32(name), c.u32(name + 4) >> 1),
    comment: c.wide(from + c.u32(comment), c.u32(comment + 4) >> 1),
    members: membersOf(c),
  }))
  if (group === undefined) return []
  return [
    {
      of: 'key',
      action: 'group-found',
      says: `Group ${group.name} has ${group.members.length} members`,
      category: ['iam'],
      type: ['group', 'info'],
      fields: { group: { name: group.name, id: String(group.id) } },
      more: { group: { comment: group.comment, members: group.members } },
    },
  ]
}

/** One SID behind the other: 8 bytes and 4 for each of its parts. */
function membersOf(c: Structure): string[] {
  const found: string[] = []
  let at = from + c.u32(members)
  for (let i = 0; i < Math.min(c.u32(memberCount), mostMembers); i++) {
    const bytes = 8 + 4 * c.u8(at + 1)
    found.push(c.part(at, bytes).sid(0))
    at += bytes
  }
  return found
}
