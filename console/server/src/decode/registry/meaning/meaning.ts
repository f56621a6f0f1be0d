import type { Key } from '../key.ts'

/** What a key, or one of its values, says beyond its bytes: fields of ECS, and a sentence. */
export interface Fact {
  /** The key itself, whose event it becomes; else one of several things that it holds, each an event of its own. */
  of: 'key' | 'entry'
  action: string
  says: string
  category?: readonly string[]
  type?: readonly string[]
  outcome?: 'success' | 'failure'
  /** When that happened, where the value has a time of its own, and what happened then. */
  at?: { time: string; is: string }
  /** Name of the value it was read from. */
  value?: string
  /** Text of that value. */
  data?: readonly string[]
  fields?: Readonly<Record<string, unknown>>
  /** What ECS has no field for. */
  more?: Readonly<Record<string, unknown>>
}

/** Knows what stands below some keys. Pure: bytes of anyone in, facts out. */
export interface Meaning {
  /** Paths without case; `*` stands for one name. */
  paths: readonly string[]
  read(key: Key): Fact[]
}

/** A path below the software of the machine and of a user, each also for 32-bit programs. */
export function software(path: string): string[] {
  return ['HKLM\\SOFTWARE', 'HKLM\\SOFTWARE\\Wow6432Node', 'HKCU\\Software', 'HKCU\\Software\\Wow6432Node'].map(
    (root) => `${root}\\${path}`,
  )
}

/** A path below every control set: the one that was booted, and those before it. */
export function controlSet(path: string): string {
  return `HKLM\\SYSTEM\\*\\${path}`
}
