/** The investigative resources of CBP Pub. 3526-0124, Section 2, and what of each a package of this version can hold. */
export const investigativeResources: readonly (readonly [resource: string, held: string])[] = [
  ['System logs (including event logs)', 'Log files and journals that were followed on the hosts: see coverage.'],
  [
    'Operating System files',
    'Of each host with an agent: accounts, what starts by itself, installed packages, settings, certificates, what guards it, setuid programs, changed files, and the hashes of running programs: see coverage. Files that were fetched from hosts are held by the console, and not part of this package.',
  ],
  [
    'Memory information',
    'Process lists, executable pages that are no plain program file, and what the kernel says of its modules and settings: see coverage. Memory of processes that was fetched is held by the console, and not part of this package.',
  ],
  ['Preliminary Reports (Authorized 3rd Party Observations)', 'Not part of this package.'],
  ['Desktop, laptop, mobile device (if requested)', 'Not part of this package.'],
  [
    'Network traffic captures',
    'Sockets and interface counters: see coverage. Packets that were captured on request are held by the console, and not part of this package.',
  ],
]
