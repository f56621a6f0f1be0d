/** The investigative resources of CBP Pub. 3526-0124, Section 2, and what of each a package of this version can hold. */
export const investigativeResources: readonly (readonly [resource: string, held: string])[] = [
  ['System logs (including event logs)', 'Log files and journals that were followed on the hosts: see coverage.'],
  [
    'Operating System files',
    'Not collected as files. Of each host with an agent: accounts, what starts by itself, installed packages, network settings, setuid programs, and the hashes of running programs: see coverage.',
  ],
  [
    'Memory information',
    'Process lists, and what the kernel says of its modules and settings. Memory itself is not collected.',
  ],
  ['Preliminary Reports (Authorized 3rd Party Observations)', 'Not part of this package.'],
  ['Desktop, laptop, mobile device (if requested)', 'Not part of this package.'],
  ['Network traffic captures', 'Not collected. Sockets and interface counters are recorded.'],
]
