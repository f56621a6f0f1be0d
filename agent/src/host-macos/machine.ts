import { refuse } from '../error.ts'

/** Asks a program at once; empty where it says nothing. */
type AskNow = (name: string, args: readonly string[]) => string

/**
 * A UUID that the kernel makes anew at every start (`kern.bootsessionuuid`, sysctl(3) of xnu: bsd/kern/kern_sysctl.c).
 * @throws `command-failed`: without it the records of two starts could not be told apart
 */
export function bootIdNow(ask: AskNow): string {
  const id = ask('sysctl', ['-n', 'kern.bootsessionuuid']).trim()
  if (!/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i.test(id))
    throw refuse('command-failed', 'The kernel does not say which start of the machine this is (kern.bootsessionuuid).')
  return id
}

/** `macOS 14.5 (23F79)`, as sw_vers(1) says in lines such as `ProductVersion:\t\t14.5`. */
export function osNow(ask: AskNow): string {
  const lines = ask('sw_vers', []).split('\n')
  const sayOf = (name: string) => {
    const line = lines.find((each) => each.startsWith(`${name}:`))
    return line?.slice(name.length + 1).trim() || undefined
  }
  const [version, build] = [sayOf('ProductVersion'), sayOf('BuildVersion')]
  return [sayOf('ProductName') ?? 'macOS', version, build && `(${build})`].filter((part) => part).join(' ')
}

/** /etc/localtime links to `/var/db/timezone/zoneinfo/Europe/Madrid`. */
export function zoneOf(link: string | undefined): string | undefined {
  const [, name] = /zoneinfo\/([A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*)$/.exec(link ?? '') ?? []
  return name
}
