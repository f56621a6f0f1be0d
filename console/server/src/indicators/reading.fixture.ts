import type { Reading } from './reading.ts'

/** What was taken, as `type value`. */
export function takenFrom({ recognised }: Reading): string[] {
  return recognised.map(({ type, value }) => `${type} ${value}`)
}

/** What was refused or warned of, as `line value`. */
export function linesOf(remarks: Reading['refused']): string[] {
  return remarks.map(({ line, value }) => `${line} ${value}`)
}

/** The words of one remark; undefined when there is not exactly one. */
export function whyOf([remark, ...more]: Reading['refused']): string | undefined {
  return more.length === 0 ? remark?.why : undefined
}
