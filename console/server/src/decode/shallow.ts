/** Deeper than anything systeminformation gives; what a hostile host nests deeper could not be written out again. */
const mostLevels = 16

export function isShallow(value: unknown, levels = mostLevels): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1))
}
