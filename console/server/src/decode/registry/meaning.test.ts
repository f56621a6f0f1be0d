import { describe, expect, test } from 'vitest'
import { accountAccuracy, hiveBytes } from '../registry-truth.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'
import { eventsOfHive, withAction } from './read.fixture.ts'

const here = !isMissing('registry_hives')
const read = (name: string) => (here ? eventsOfHive(hiveBytes(name)) : [])

describe.skipIf(!here)('the SYSTEM hive that regipy is tested with (shared data)', () => {
  const events = read('regipy__SYSTEM.gz')

  test('has the programs of the compatibility cache that its tests expect', () => {
    const seen = withAction(events, 'program-seen')

    expect(seen).toHaveLength(660)
    expect(seen[0]).toMatchObject({
      '@timestamp': '2011-01-12T12:08:00.0000000Z',
      file: { path: '\\??\\C:\\Program Files\\McAfee\\VirusScan Enterprise\\mfeann.exe' },
      tidewaiter: { time_is: 'file last changed', shim_cache: { place: 0, was_run: true } },
    })
  })

  test('names the host in both of its control sets, of which the first is the current one', () => {
    expect(withAction(events, 'host-named')).toMatchObject([
      {
        '@timestamp': '2010-11-10T17:18:08.7187500Z',
        host: { name: 'WKS-WIN732BITA' },
        registry: { path: 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName' },
        tidewaiter: { control_set: { name: 'ControlSet001', is_current: true } },
      },
      {
        '@timestamp': '2010-11-10T18:17:36.9687500Z',
        host: { name: 'WIN-V5T3CSP8U4H' },
        registry: { path: 'HKLM\\SYSTEM\\ControlSet002\\Control\\ComputerName\\ComputerName' },
        tidewaiter: { control_set: { name: 'ControlSet002', is_current: false } },
      },
    ])
  })

  test('has the addresses, gateways and name servers that its tests expect', () => {
    const found = withAction(events, 'address-found').map(({ host, tidewaiter }) => {
      const { gateway, name_servers } = tidewaiter.interface as Record<string, unknown>
      return [(host as { ip: string[] } | undefined)?.ip, gateway, name_servers]
    })

    const each = [
      [['10.3.58.5'], ['10.3.58.1'], ['10.3.58.4']],
      [['192.168.1.123'], ['192.168.1.1'], ['192.168.1.112']],
    ]
    expect(found).toEqual([...each, ...each])
  })

  test('has the zone, the volumes, the devices and the packages of LSASS that its tests expect', () => {
    const devices = withAction(events, 'device-found')
    const packages = withAction(events, 'autorun-found').filter(({ registry }) =>
      /CurrentControlSet\\Control\\Lsa\\(?:Notification|Security|Authentication) Packages$/.test(
        (registry as { path: string }).path,
      ),
    )

    expect(withAction(events, 'zone-found')[0]?.tidewaiter.zone).toEqual({
      name: 'Eastern Standard Time',
      minutes_east: -240,
    })
    expect(withAction(events, 'volume-found')).toHaveLength(11)
    expect(devices.filter(({ registry }) => /Enum\\USB\\/i.test((registry as { path: string }).path))).toHaveLength(14)
    expect(packages.map(({ file }) => (file as { path: string }).path).sort()).toEqual(
      ['kerberos', 'msv1_0', 'msv1_0', 'pku2u', 'scecli', 'schannel', 'tspkg', 'wdigest'].sort(),
    )
  })

  test('has a rule of Windows Firewall for each value that is one', () => {
    const rules = withAction(events, 'firewall-rule-found')
    const ofCurrent = rules.filter(({ registry }) =>
      /CurrentControlSet.*\\FirewallRules\\/.test((registry as { path: string }).path),
    )

    // reglookup -p '/ControlSet001/services/SharedAccess/Parameters/FirewallPolicy/FirewallRules' | grep -c ',SZ,v2'
    expect(ofCurrent).toHaveLength(323)
    expect(
      ofCurrent.find(({ registry }) => (registry as { value: string }).value === 'RemoteDesktop-In-TCP'),
    ).toMatchObject({
      network: { transport: 'tcp', direction: 'ingress' },
      tidewaiter: { firewall_rule: { action: 'allow', local_ports: '3389' } },
    })
  })

  test('tells of a service what is started, when and as whom', () => {
    const service = withAction(events, 'service-found').find(
      ({ service }) => (service as { name: string }).name === 'WwanSvc',
    )

    expect(service).toMatchObject({
      '@timestamp': '2009-07-14T04:37:09.6323690Z',
      service: { name: 'WwanSvc', type: 'shared process' },
      file: { path: '%SystemRoot%\\System32\\wwansvc.dll' },
      user: { name: 'NT Authority\\LocalService' },
      tidewaiter: {
        service: {
          command: '%SystemRoot%\\system32\\svchost.exe -k LocalServiceNoNetwork',
          library: '%SystemRoot%\\System32\\wwansvc.dll',
          start: 'manual',
        },
      },
    })
  })
})

describe.skipIf(!here)('SAM hives (shared data)', () => {
  test('have the accounts and members of groups that chntpw reads in them', () => {
    const { records, right, wrong, missed } = accountAccuracy()

    expect({ right, wrong, missed }).toEqual({ right: records, wrong: 0, missed: 0 })
    expect(records).toBe(56)
  })

  test('tell of an account when it last signed in, and when its password was set', () => {
    const events = read('regf__SAM').filter(
      ({ user }) => (user as { name?: string } | undefined)?.name === 'gold_administrator',
    )

    expect(events).toMatchObject([
      {
        event: { action: 'account-found', category: ['iam'], type: ['user', 'info'] },
        user: { id: 'S-1-5-21-4070822719-3404542230-2541167049-1001' },
        tidewaiter: { account: { rid: 1001, sign_ins: 4, failures: 0 } },
      },
      { '@timestamp': '2016-10-11T19:52:35.9699859Z', event: { action: 'account-last-signed-in' } },
      { '@timestamp': '2015-11-23T02:59:18.4321069Z', event: { action: 'account-password-set' } },
    ])
  })

  test('give no more of V than its first 64 bytes: hashes of passwords are behind them', () => {
    const values = read('regf__SAM').flatMap(({ tidewaiter }) => tidewaiter.values ?? []) as {
      name: string
      data: string
    }[]
    const ofV = values.filter(({ name }) => name === 'V')

    expect(ofV.length).toBeGreaterThan(3)
    for (const { data } of ofV) expect(data.length).toBeLessThanOrEqual(128)
  })
})

describe.skipIf(!here)('Amcache.hve of Windows 10 (shared data)', () => {
  const events = read('winreg__win10-Amcache.hve')

  test('lists files with their SHA-1, as the hive has them', () => {
    const listed = withAction(events, 'program-listed')

    expect(listed).toHaveLength(30)
    expect(listed.find(({ file }) => (file as { name: string }).name === 'notepad++.exe')).toMatchObject({
      '@timestamp': '2019-12-16T21:01:50.5604988Z',
      event: { category: ['file'] },
      file: {
        path: 'c:\\program files\\notepad++\\notepad++.exe',
        hash: { sha1: '152bb2642744be40d91cc3de5b91de96331a9014' },
        size: 3_473_040,
      },
    })
  })

  test('and packages', () => {
    expect(withAction(events, 'package-listed')).toHaveLength(75)
  })
})

describe.skipIf(!here)('other hives that regipy is tested with (shared data)', () => {
  test('the boot configuration has the entries that its tests expect', () => {
    const entries = withAction(read('regipy__BCD.gz'), 'boot-entry-found').map(({ file, tidewaiter }) => [
      (tidewaiter.boot_entry as { name: string }).name,
      (file as { path: string } | undefined)?.path,
    ])

    expect(entries.filter(([, path]) => path !== undefined)).toEqual([
      ['Linux Boot Manager', '\\EFI\\systemd\\systemd-bootx64.efi'],
      ['UEFI OS', '\\EFI\\BOOT\\BOOTX64.EFI'],
      ['Windows Boot Manager', '\\EFI\\Microsoft\\Boot\\bootmgfw.efi'],
      ['Windows Resume Application', '\\Windows\\system32\\winresume.efi'],
      ['Windows 10', '\\Windows\\system32\\winload.efi'],
      ['Windows Recovery Environment', '\\windows\\system32\\winload.efi'],
      ['Windows Boot Manager', '\\EFI\\Microsoft\\Boot\\bootmgfw.efi'],
      ['Windows Memory Diagnostic', '\\EFI\\Microsoft\\Boot\\memtest.efi'],
    ])
  })

  test('the security authority names the host, its group and its SID', () => {
    const events = read('regipy__SECURITY.gz')

    expect(withAction(events, 'host-named')).toMatchObject([{ host: { name: 'DESKTOP-M964FJN' } }])
    expect(withAction(events, 'host-domain-found')).toMatchObject([{ host: { domain: 'WORKGROUP' } }])
    expect(withAction(events, 'sid-found')).toMatchObject([{ tidewaiter: { sid: { of: 'machine' } } }])
  })
})

describe.skipIf(!here)('hives of users (shared data)', () => {
  test('tell what was started from the desktop, by whom and when last', () => {
    const [last] = withAction(read('regf__NTUSER.DAT'), 'program-started').filter(({ message }) =>
      message?.startsWith('winstore_'),
    )

    expect(last).toMatchObject({
      '@timestamp': '2016-10-05T09:50:57.7780000Z',
      event: { category: ['process'], type: ['start'] },
      user: { name: 'bperry' },
      tidewaiter: { time_is: 'last started', program: 'winstore_cw5n1h2txyewy!Windows.Store', runs: 1 },
    })
  })

  test('tell what was typed: addresses with their times, commands and searches in their order', () => {
    const [typed] = withAction(read('regf__NTUSER.DAT'), 'url-typed')
    const user = read('regipy__ntuser_software_partial.gz')

    expect(typed).toMatchObject({
      '@timestamp': expect.stringMatching(/^2016-10-05T/),
      url: { original: expect.stringContaining('http') },
      tidewaiter: { time_is: 'typed', place: 0 },
    })
    expect(withAction(user, 'command-typed')).toHaveLength(26)
    expect(withAction(user, 'command-typed').map(({ tidewaiter }) => tidewaiter.place)).toEqual(
      Array.from({ length: 26 }, (_, place) => place),
    )
    expect(withAction(user, 'search-typed').some(({ message }) => message?.startsWith('“*.wer”'))).toBe(true)
  })

  test('tell what starts with every sign-in', () => {
    expect(withAction(read('regf__NTUSER.DAT'), 'autorun-found')[1]).toMatchObject({
      file: { path: 'C:\\Users\\bperry\\AppData\\Roaming\\Spotify\\Spotify.exe' },
      registry: {
        path: expect.stringMatching(/^HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Spotify/),
        data: { strings: [expect.stringContaining('Spotify.exe')] },
      },
      tidewaiter: { time_is: 'key last written', started: 'at every sign-in' },
    })
  })
})
