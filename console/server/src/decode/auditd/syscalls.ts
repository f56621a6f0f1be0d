/** What a system call means to a reader of evidence. */
export interface Call {
  name: string
  action: string
  category: 'process' | 'file' | 'network' | 'driver' | 'host' | 'configuration'
  type: readonly string[]
  /** Whose address `SOCKADDR` gives. */
  end?: 'source' | 'destination' | 'server'
}

type Row = readonly [name: string, action: string, category: Call['category'], type: string, end?: Call['end']]

const rows: readonly Row[] = [
  ['execve', 'executed', 'process', 'start'],
  ['execveat', 'executed', 'process', 'start'],
  ['connect', 'connected', 'network', 'connection', 'destination'],
  ['accept', 'accepted', 'network', 'connection', 'source'],
  ['accept4', 'accepted', 'network', 'connection', 'source'],
  ['bind', 'bound', 'network', 'start', 'server'],
  ['sendto', 'sent', 'network', 'connection', 'destination'],
  ['recvfrom', 'received', 'network', 'connection', 'source'],
  ['open', 'file-opened', 'file', 'access'],
  ['openat', 'file-opened', 'file', 'access'],
  ['openat2', 'file-opened', 'file', 'access'],
  ['creat', 'file-created', 'file', 'creation'],
  ['unlink', 'file-removed', 'file', 'deletion'],
  ['unlinkat', 'file-removed', 'file', 'deletion'],
  ['rename', 'file-renamed', 'file', 'change'],
  ['renameat', 'file-renamed', 'file', 'change'],
  ['renameat2', 'file-renamed', 'file', 'change'],
  ['truncate', 'file-changed', 'file', 'change'],
  ['chmod', 'file-mode-changed', 'file', 'change'],
  ['fchmod', 'file-mode-changed', 'file', 'change'],
  ['fchmodat', 'file-mode-changed', 'file', 'change'],
  ['chown', 'file-owner-changed', 'file', 'change'],
  ['fchown', 'file-owner-changed', 'file', 'change'],
  ['lchown', 'file-owner-changed', 'file', 'change'],
  ['fchownat', 'file-owner-changed', 'file', 'change'],
  ['ptrace', 'process-traced', 'process', 'access'],
  ['kill', 'process-signalled', 'process', 'change'],
  ['init_module', 'module-loaded', 'driver', 'start'],
  ['finit_module', 'module-loaded', 'driver', 'start'],
  ['delete_module', 'module-removed', 'driver', 'end'],
  ['mount', 'mounted', 'host', 'change'],
  ['umount2', 'unmounted', 'host', 'change'],
  ['settimeofday', 'clock-changed', 'host', 'change'],
  ['clock_settime', 'clock-changed', 'host', 'change'],
  ['sethostname', 'host-renamed', 'configuration', 'change'],
]

const byName = new Map(
  rows.map(([name, action, category, type, end]): [string, Call] => [
    name,
    { name, action, category, type: [type], ...(end !== undefined && { end }) },
  ]),
)

/** Numbers of system calls by architecture (AUDIT_ARCH_* of linux/audit.h; unistd of each). */
const numbers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // x86-64: arch/x86/entry/syscalls/syscall_64.tbl
  c000003e: parse(
    `2 open 42 connect 43 accept 44 sendto 45 recvfrom 49 bind 59 execve 62 kill 76 truncate 82 rename 85 creat 87 unlink
    90 chmod 91 fchmod 92 chown 93 fchown 94 lchown 101 ptrace 164 settimeofday 165 mount 166 umount2 170 sethostname
    175 init_module 176 delete_module 227 clock_settime 257 openat 260 fchownat 263 unlinkat 264 renameat 268 fchmodat
    288 accept4 313 finit_module 316 renameat2 322 execveat 437 openat2`,
  ),
  // arm64: include/uapi/asm-generic/unistd.h
  c00000b7: parse(
    `35 unlinkat 38 renameat 39 umount2 40 mount 45 truncate 52 fchmod 53 fchmodat 54 fchownat 55 fchown 56 openat
    105 init_module 106 delete_module 112 clock_settime 117 ptrace 129 kill 161 sethostname 170 settimeofday 200 bind
    202 accept 203 connect 206 sendto 207 recvfrom 221 execve 242 accept4 273 finit_module 276 renameat2 281 execveat
    437 openat2`,
  ),
}

function parse(text: string): Readonly<Record<string, string>> {
  const words = text.split(/\s+/)
  return Object.fromEntries(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? '']] : [])))
}

/** The call of a `SYSCALL` line by its name where auditd wrote one, else by number. Undefined for one that says little. */
export function callOf(
  arch: string | undefined,
  number: string | undefined,
  name: string | undefined,
): Call | undefined {
  const table = arch === undefined || !Object.hasOwn(numbers, arch) ? undefined : numbers[arch]
  const known = number === undefined || table === undefined || !Object.hasOwn(table, number) ? undefined : table[number]
  return byName.get(name ?? known ?? '')
}
