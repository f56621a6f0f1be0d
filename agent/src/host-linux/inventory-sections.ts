/** What the inventory asks for: the machine itself, nothing of the people who use it. */
export const sections = [
  'system',
  'osInfo',
  'uuid',
  'bios',
  'cpu',
  'mem',
  'diskLayout',
  'fsSize',
  'networkInterfaces',
] as const
