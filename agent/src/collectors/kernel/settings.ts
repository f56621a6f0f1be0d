import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'

/** As sysctl(8) names them: what the kernel lets programs, and the network, do. */
const names = [
  ...['randomize_va_space', 'kptr_restrict', 'dmesg_restrict', 'modules_disabled', 'kexec_load_disabled', 'sysrq'],
  ...['unprivileged_bpf_disabled', 'unprivileged_userns_clone', 'perf_event_paranoid', 'io_uring_disabled', 'tainted'],
  ...['core_pattern', 'modprobe', 'hotplug', 'ftrace_enabled', 'yama.ptrace_scope', 'ctrl-alt-del'],
]
  .map((name) => `kernel.${name}`)
  .concat(
    ['suid_dumpable', 'protected_hardlinks', 'protected_symlinks', 'protected_fifos', 'protected_regular'].map(
      (name) => `fs.${name}`,
    ),
    ['vm.mmap_min_addr', 'vm.unprivileged_userfaultfd', 'user.max_user_namespaces', 'net.core.bpf_jit_harden'],
    ['ip_forward', 'tcp_syncookies', 'icmp_echo_ignore_broadcasts'].map((name) => `net.ipv4.${name}`),
    ['all', 'default'].flatMap((face) => [
      ...[
        'accept_redirects',
        'send_redirects',
        'accept_source_route',
        'rp_filter',
        'log_martians',
        'route_localnet',
      ].map((name) => `net.ipv4.conf.${face}.${name}`),
      ...['forwarding', 'accept_redirects', 'accept_source_route', 'accept_ra', 'disable_ipv6'].map(
        (name) => `net.ipv6.conf.${face}.${name}`,
      ),
    ]),
  )

/** Other files of one line, by names of ours. */
const others: Readonly<Record<string, string>> = {
  'command line': '/proc/cmdline',
  version: '/proc/version',
  lockdown: '/sys/kernel/security/lockdown',
  'security modules': '/sys/kernel/security/lsm',
  'kexec loaded': '/sys/kernel/kexec_loaded',
  'module signatures enforced': '/sys/module/module/parameters/sig_enforce',
}

/** The variable of UEFI that says whether only signed code was started: four bytes of attributes, and one that is 1. */
const secureBoot = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'
const formats = '/proc/sys/fs/binfmt_misc'
const most = { formats: 200, characters: 4_000 }

export function addSettings(host: Host, table: LastingTable): void {
  for (const name of names) addText(host, table, { name, path: `/proc/sys/${name.replaceAll('.', '/')}` })
  for (const [name, path] of Object.entries(others)) addText(host, table, { name, path })
  const boot = host.readNow(secureBoot)?.[4]
  if (boot !== undefined) table.add({ kind: 'setting', name: 'secure boot' }, { value: `${boot}` })
  const registered = host.listNow(formats).filter((name) => name !== 'register' && name !== 'status')
  for (const name of registered.slice(0, most.formats)) {
    const text = host.readNow(`${formats}/${name}`)?.toString().trim()
    if (text !== undefined) table.add({ kind: 'binary-format', name }, { text: text.slice(0, most.characters) })
  }
}

function addText(host: Host, table: LastingTable, { name, path }: { name: string; path: string }): void {
  const value = host.readNow(path)?.toString().trim()
  if (value !== undefined) table.add({ kind: 'setting', name }, { value: value.slice(0, most.characters) })
}
