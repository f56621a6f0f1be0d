import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'
import { bounded, linesOf, pathsIn } from './folder.ts'

/** Files from which a system starts something. */
interface Place {
  kind: string
  files?: readonly string[]
  folders?: readonly string[]
  /** What of a file says what runs, a row a line; left out: the file as a whole is what runs. */
  runs?: RegExp
}

const below = (path: string, roots: readonly string[]) => roots.map((root) => `${root}/${path}`)

const places: readonly Place[] = [
  { kind: 'cron-script', folders: ['hourly', 'daily', 'weekly', 'monthly'].map((often) => `/etc/cron.${often}`) },
  { kind: 'rc-local', files: ['/etc/rc.local', '/etc/rc.d/rc.local'], runs: /^/ },
  {
    kind: 'profile',
    files: [
      ...['profile', 'bash.bashrc', 'bashrc', 'environment', 'csh.cshrc', 'csh.login'].map((name) => `/etc/${name}`),
      ...['zshenv', 'zprofile', 'zshrc', 'zlogin'].flatMap((name) => [`/etc/${name}`, `/etc/zsh/${name}`]),
    ],
    folders: ['/etc/profile.d'],
  },
  { kind: 'preload', files: ['/etc/ld.so.preload'], runs: /^/ },
  {
    kind: 'module-load',
    files: ['/etc/modules'],
    folders: below('modules-load.d', ['/etc', '/run', '/usr/local/lib', '/usr/lib']),
    runs: /^[^;]/,
  },
  {
    kind: 'modprobe',
    folders: below('modprobe.d', ['/etc', '/run', '/usr/local/lib', '/usr/lib']),
    runs: /^(?:install|remove)\s/,
  },
  {
    kind: 'udev',
    folders: below('udev/rules.d', ['/etc', '/run', '/usr/local/lib', '/usr/lib']),
    runs: /\b(?:RUN(?:\{program\})?\s*(?:\+=|:=|=)|PROGRAM\s*[=!]|IMPORT\{program\})/,
  },
  { kind: 'pam', files: ['/etc/pam.conf'], folders: ['/etc/pam.d', '/usr/lib/pam.d'], runs: /^/ },
  {
    kind: 'apt-hook',
    files: ['/etc/apt/apt.conf'],
    folders: ['/etc/apt/apt.conf.d'],
    runs: /-(?:Invoke|Install-Pkgs)/,
  },
  { kind: 'desktop-autostart', folders: ['/etc/xdg/autostart'], runs: /^(?:Exec|Hidden|OnlyShowIn)\s*=/ },
  {
    kind: 'hook',
    files: ['/etc/ssh/sshrc'],
    folders: [
      '/etc/update-motd.d',
      ...below('NetworkManager/dispatcher.d', ['/etc', '/usr/lib']),
      ...below('networkd-dispatcher/routable.d', ['/etc', '/usr/lib']),
      ...['pre-up', 'up', 'down', 'post-down'].map((when) => `/etc/network/if-${when}.d`),
      ...['enter', 'exit'].map((when) => `/etc/dhcp/dhclient-${when}-hooks.d`),
      ...['ip-up', 'ip-down'].map((when) => `/etc/ppp/${when}.d`),
      ...below('systemd/system-generators', ['/etc', '/run', '/usr/local/lib', '/usr/lib']),
      ...['system-sleep', 'system-shutdown'].flatMap((when) => below(`systemd/${when}`, ['/etc', '/usr/lib'])),
      ...['postinst.d', 'postrm.d'].map((when) => `/etc/kernel/${when}`),
      '/etc/X11/Xsession.d',
    ],
  },
]

export async function addPlaces(host: Host, table: LastingTable): Promise<void> {
  for (const { kind, files = [], folders = [], runs } of places) {
    for (const path of files) await addFile(host, table, { kind, path, runs })
    for (const folder of folders)
      for await (const path of pathsIn(host, table, folder)) await addFile(host, table, { kind, path, runs })
  }
}

async function addFile(
  host: Host,
  table: LastingTable,
  { kind, path, runs }: { kind: string; path: string; runs: RegExp | undefined },
): Promise<void> {
  const file = await seeFile(host, path)
  if (file === undefined || file.about.kept === 'folder') return
  if (runs === undefined) return table.add({ kind, path }, file.about)
  const said = bounded(linesOf(file.text).filter(({ text }) => runs.test(text)))
  const isCut = file.isCut || said.isCut
  table.add({ kind: 'file', path }, { ...file.about, ...(isCut && { cut: true }) })
  for (const { line, text } of said.lines) table.add({ kind, path, text }, {}, { line, ...file.about })
}
