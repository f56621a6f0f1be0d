import { expect, test } from 'vitest'
import { usualFiles } from './usual-files.ts'

test('on Windows the logs of the firewall, of DHCP, of each site and of HTTP.sys are found', async () => {
  const sites = 'C:\\inetpub\\logs\\LogFiles'
  const system = 'C:\\Windows\\System32'
  const folders: Readonly<Record<string, string[]>> = {
    [sites]: ['W3SVC1', 'FTPSVC2', 'other', 'W3SVC1.zip'],
    [`${sites}\\W3SVC1`]: ['u_ex261123.log', 'u_ex261124.log', 'notes.txt'],
    [`${system}\\LogFiles\\HTTPERR`]: ['httperr1.log'],
  }
  const there = new Set([`${system}\\LogFiles\\Firewall\\pfirewall.log`, `${system}\\dhcp\\DhcpSrvLog-Mon.log`])

  const { paths } = await usualFiles({
    platform: 'win32',
    list: async (folder) => folders[folder] ?? [],
    stat: async (path) => (there.has(path) ? { dev: '1', ino: path, size: 1, modifiedNs: 1n, links: 1 } : undefined),
  })

  expect(paths).toEqual([
    `${system}\\LogFiles\\Firewall\\pfirewall.log`,
    `${system}\\dhcp\\DhcpSrvLog-Mon.log`,
    `${sites}\\W3SVC1\\u_ex261123.log`,
    `${sites}\\W3SVC1\\u_ex261124.log`,
    `${system}\\LogFiles\\HTTPERR\\httperr1.log`,
  ])
})
