import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runtime } from '@tidewaiter/packaging/runtime'

/** A program at rest beside ours. */
export interface RestSide {
  name: string
  /** Program files it needs, beside Node. */
  needs: readonly string[]
  command(paths: { folder: string; file: string }): { program: string; args: string[] }
  /** What asks it for its numbers, as its server would. */
  asked?: string
}

/** What Debian has of agents that run on every host; each with what its package would do by default. */
export const peers: readonly RestSide[] = [
  {
    name: 'bare Node process',
    needs: [],
    command: () => ({ program: process.execPath, args: ['-e', 'setInterval(() => {}, 1e9)'] }),
  },
  {
    name: 'bare Node process, our flags',
    needs: [],
    command: () => ({ program: process.execPath, args: [...runtime.flags, '-e', 'setInterval(() => {}, 1e9)'] }),
  },
  {
    name: 'rsyslogd, same file to another',
    needs: ['rsyslogd'],
    command({ folder, file }) {
      const work = join(folder, 'rsyslog')
      mkdirSync(work)
      const config = join(work, 'rsyslog.conf')
      writeFileSync(
        config,
        `global(workDirectory="${work}")
module(load="imfile")
input(type="imfile" file="${file}" tag="rest")
action(type="omfile" file="${join(work, 'out.log')}")
`,
      )
      return { program: 'rsyslogd', args: ['-n', '-f', config, '-i', join(work, 'pid')] }
    },
  },
  {
    name: 'prometheus-node-exporter, asked every 15 s',
    needs: ['prometheus-node-exporter'],
    command: () => ({ program: 'prometheus-node-exporter', args: ['--web.listen-address=127.0.0.1:9100'] }),
    asked: 'http://127.0.0.1:9100/metrics',
  },
  {
    name: 'collectd, default plugins',
    needs: ['collectd'],
    command({ folder }) {
      const work = join(folder, 'collectd')
      mkdirSync(work)
      const plugins = [
        'cpu',
        'df',
        'disk',
        'entropy',
        'interface',
        'irq',
        'load',
        'memory',
        'processes',
        'swap',
        'users',
      ]
      const config = join(work, 'collectd.conf')
      const lines = plugins.map((plugin) => `LoadPlugin ${plugin}`)
      // Also where its package was only unpacked.
      const usr = join(pathOf('collectd') ?? '/usr/sbin/collectd', '../..')
      const places = [`PluginDir "${usr}/lib/collectd"`, `TypesDB "${usr}/share/collectd/types.db"`]
      writeFileSync(config, [`BaseDir "${work}"`, `PIDFile "${join(work, 'pid')}"`, ...places, ...lines, ''].join('\n'))
      return { program: 'collectd', args: ['-f', '-C', config] }
    },
  },
  { name: 'osqueryd', needs: ['osqueryd'], command: () => ({ program: 'osqueryd', args: ['--ephemeral'] }) },
]

/** Where a program of a package is, if it is here. */
export function pathOf(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file))
}
