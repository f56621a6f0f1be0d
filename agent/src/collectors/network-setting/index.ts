import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'
import { addFirewall } from './firewall.ts'
import { addMacosRoutes, addNetworkAnswers, addNetworkFiles } from './macos.ts'
import { addResolver } from './resolver.ts'
import { addRoutes } from './routes.ts'

/** Rows of Windows. */
const shapes: Readonly<Record<string, Shape>> = {
  'dns-server': { named: ['InterfaceAlias', 'AddressFamily'] },
  'windows-route': { named: ['DestinationPrefix', 'NextHop', 'InterfaceAlias'] },
  'firewall-profile': { named: ['Name'] },
  'firewall-rules': { named: ['Name'] },
  share: { named: ['Name'] },
  'smb-session': { named: ['SessionId'], passing: ['NumOpens'] },
  'dns-cache': { named: ['Entry', 'Type', 'Data'] },
}

export const networkSettings: Collector = {
  id: 'network-setting',
  resource: 'Operating System files',
  platforms: ['linux', 'win32', 'darwin'],
  ...lastingEvery,
  reads:
    'How a host finds names and ways: resolv.conf, hosts, nsswitch.conf, hosts.allow and hosts.deny, settings of systemd-resolved, the routes of the kernel, and the rules of its firewall as nft, iptables-save and ip6tables-save list them. On Windows name servers, routes, profiles of the firewall and how many rules it has, shares, sessions of SMB, and the cache of the resolver. On macOS name servers and proxies of scutil, the application firewall, rules of pf, shared folders, and routes.',
  needs: 'For rules of the firewall, run the agent as root, with nftables or iptables installed.',
  cannotSee:
    'Routes of other tables than the main one for IPv4, rules and routes within other network namespaces (containers), rules that programs of BPF make, what lies in the caches of resolvers, and what was changed and changed back between two passes (6 h). On Windows the rules of the firewall one by one, and files that are open over SMB.',
  provenOn: 'Debian 12 (nft), live at every change; iptables-save and Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32') {
      const table = await tableOfScript(host, { script: 'network-settings', shapes }, signal)
      return yield* handOver('network-setting', [table], { from, readAt })
    }
    const [names, routes, rules] = [newLastingTable('files'), newLastingTable('/proc/net'), newLastingTable('firewall')]
    await addResolver(host, names)
    if (host.platform === 'darwin') {
      await addNetworkFiles(host, names)
      await addMacosRoutes(host, routes, signal)
      await addNetworkAnswers(host, rules, signal)
      return yield* handOver(
        'network-setting',
        [names, { ...routes, method: 'netstat -rn' }, { ...rules, method: 'commands' }],
        { from, readAt },
      )
    }
    await addRoutes(host, routes)
    await addFirewall(host, rules, signal)
    yield* handOver('network-setting', [names, routes, rules], { from, readAt })
  },
}
