import type { HostDetail, HostPage } from '@tidewaiter/protocol/api'
import type { Command } from 'commander'
import { type Common, withApi, withData } from './command.ts'
import { hostLabels } from './host-label.ts'
import { printJson, table } from './output.ts'

export function hosts(program: Command): void {
  withData(program.command('hosts').description('hosts, their status, and what is covered on each')).action(
    async (options: Common) => {
      const details = await withApi(options, async (api) => {
        const { rows } = await api.call<HostPage>('GET', '/hosts')
        return Promise.all(rows.map(({ id }) => api.call<HostDetail>('GET', `/hosts/${id}`)))
      })
      if (options.json === true) return printJson(details.map(toRow))
      const labelOf = hostLabels(details)
      const rows = details.map((host) => [
        labelOf(host.id),
        host.status,
        `${host.sourcesOk}/${host.sourcesTotal}`,
        host.lastSeenAt ?? 'never',
        host.why ?? '',
      ])
      console.log(
        rows.length === 0
          ? 'No hosts yet. "tidewaiter token create" makes a token to enrol one.'
          : table(['NAME', 'STATUS', 'SOURCES', 'LAST SEEN', ''], rows),
      )
    },
  )
}

function toRow({ id, name, os, status, lastSeenAt, clockOffsetMs, sources }: HostDetail) {
  return { id, name, os, status, lastSeenAt, clockOffsetMs, sources }
}
