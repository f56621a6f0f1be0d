/** The parts of a sentence, by the names of the groups in its pattern. */
export interface Said {
  /** Account that is changed, and the one who changes it. */
  target?: string
  by?: string
  id?: string
  group?: string
  groupId?: string
  field?: string
  before?: string
  after?: string
  home?: string
  shell?: string
  members?: string
}

interface Sentence {
  pattern: RegExp
  action: string
  type: readonly string[]
  /** Left out where it was done. */
  outcome?: 'failure'
}

const userAdded = ['user', 'creation'] as const
const userChanged = ['user', 'change'] as const
const userRemoved = ['user', 'deletion'] as const
const groupAdded = ['group', 'creation'] as const
const groupChanged = ['group', 'change'] as const
const groupRemoved = ['group', 'deletion'] as const
const written = ['group', 'info'] as const

/**
 * What shadow 4.13 says (recorded, `fixtures/record.sh`) and releases before it said; older ones quote `name'. No
 * account or group name has a quote or a blank (useradd.c, is_valid_user_name).
 */
export const sentences: readonly Sentence[] = [
  {
    pattern:
      /^new user: name=(?<target>[^,]+), UID=(?<id>\d+), GID=(?<groupId>\d+), home=(?<home>[^,]*), shell=(?<shell>[^,]*)/,
    action: 'user-added',
    type: userAdded,
  },
  { pattern: /^failed adding user [`'](?<target>[^']+)'/, action: 'user-added', type: userAdded, outcome: 'failure' },
  {
    pattern: /^new group: name=(?<group>[^,]+), GID=(?<groupId>\d+)/,
    action: 'group-added',
    type: groupAdded,
  },
  {
    pattern: /^add [`'](?<target>[^']+)' to group [`'](?<group>[^']+)'/,
    action: 'group-member-added',
    type: groupChanged,
  },
  {
    pattern: /^delete [`'](?<target>[^']+)' from group [`'](?<group>[^']+)'/,
    action: 'group-member-removed',
    type: groupChanged,
  },
  {
    pattern: /^change user (?<field>name) [`'](?<target>[^']+)' to [`'](?<after>[^']+)'$/,
    action: 'user-renamed',
    type: userChanged,
  },
  {
    pattern: /^change user [`'](?<target>[^']+)' (?<field>\w+) from [`'](?<before>[^']*)' to [`'](?<after>[^']*)'/,
    action: 'user-changed',
    type: userChanged,
  },
  {
    pattern: /^changed? user [`'](?<target>[^']+)' (?<field>shell) to [`'](?<after>[^']*)'/,
    action: 'user-changed',
    type: userChanged,
  },
  {
    pattern: /^changed user [`'](?<target>[^']+)' information/,
    action: 'user-changed',
    type: userChanged,
  },
  {
    pattern: /^changed password expiry for (?<target>\S+)$/,
    action: 'password-expiry-changed',
    type: userChanged,
  },
  {
    pattern: /^lock user [`'](?<target>[^']+)' password/,
    action: 'user-locked',
    type: userChanged,
  },
  {
    pattern: /^unlock user [`'](?<target>[^']+)' password/,
    action: 'user-unlocked',
    type: userChanged,
  },
  {
    pattern: /^change user [`'](?<target>[^']+)' password/,
    action: 'password-changed',
    type: userChanged,
  },
  {
    pattern: /^password for [`']?(?<target>[^' ]+)'? changed by [`']?(?<by>[^' ]+)'?$/,
    action: 'password-changed',
    type: userChanged,
  },
  { pattern: /^delete user [`'](?<target>[^']+)'/, action: 'user-removed', type: userRemoved },
  { pattern: /^removed? group [`'](?<group>[^']+)'/, action: 'group-removed', type: groupRemoved },
  {
    pattern: /^group [`']?(?<group>[^' ]+)'? removed$/,
    action: 'group-removed',
    type: groupRemoved,
  },
  {
    pattern: /^user (?<target>\S+) added by (?<by>\S+) to group (?<group>\S+)$/,
    action: 'group-member-added',
    type: groupChanged,
  },
  {
    pattern: /^user (?<target>\S+) removed by (?<by>\S+) from group (?<group>\S+)$/,
    action: 'group-member-removed',
    type: groupChanged,
  },
  {
    pattern: /^members of group (?<group>\S+) set by (?<by>\S+) to (?<members>\S*)$/,
    action: 'group-members-set',
    type: groupChanged,
  },
  {
    pattern: /^administrators of group (?<group>\S+) set by (?<by>\S+) to (?<members>\S*)$/,
    action: 'group-administrators-set',
    type: groupChanged,
  },
  {
    pattern:
      /^group changed in \/etc\/group \(group (?<group>[^/,]+)\/(?<groupId>\d+), new (?<field>name): (?<after>[^,)]+)/,
    action: 'group-renamed',
    type: groupChanged,
  },
  {
    pattern: /^group changed in \/etc\/group \(group (?<group>[^/,]+)\/(?<groupId>\d+)/,
    action: 'group-changed',
    type: groupChanged,
  },
  // The files one by one, beside the sentence that says what was done.
  {
    pattern: /^group added to \/etc\/\w+: name=(?<group>[^,]+)(, GID=(?<groupId>\d+))?/,
    action: 'group-file-written',
    type: written,
  },
  {
    pattern: /^group [`'](?<group>[^']+)' removed from \/etc\/\w+$/,
    action: 'group-file-written',
    type: written,
  },
  {
    pattern: /^group changed in \/etc\/gshadow \(group (?<group>[^/,)]+)/,
    action: 'group-file-written',
    type: written,
  },
  {
    pattern: /^(add|delete) [`'](?<target>[^']+)' (to|from) shadow group [`'](?<group>[^']+)'/,
    action: 'group-file-written',
    type: written,
  },
  {
    pattern: /^change [`'](?<target>[^']+)' to [`'](?<after>[^']+)' in (shadow )?group [`'](?<group>[^']+)'/,
    action: 'group-file-written',
    type: written,
  },
  {
    pattern: /^removed shadow group [`'](?<group>[^']+)'/,
    action: 'group-file-written',
    type: written,
  },
]
