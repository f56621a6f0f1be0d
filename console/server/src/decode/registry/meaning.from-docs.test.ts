import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import {
  type BuiltKey,
  type BuiltValue,
  binary,
  buildHive,
  filetime,
  list,
  nested,
  number,
  text,
} from './build.fixture.ts'
import { eventsOfHive, withAction } from './read.fixture.ts'

/** Hives built after the descriptions of what is in them: no real one of these is in the shared data. */
const at = '2024-05-02T10:20:30.000Z'
const sid = 'S-1-5-21-1-2-3-1001'

const system = (...keys: readonly BuiltKey[]) =>
  eventsOfHive(buildHive({ name: 'ROOT', keys: [nested('Select', [number('Current', 1)]), ...keys] }))
const machine = (path: string, values: readonly BuiltValue[], keys: readonly BuiltKey[] = []) =>
  eventsOfHive(
    buildHive({
      name: 'ROOT',
      keys: [nested('Microsoft\\Windows NT\\CurrentVersion\\ProfileList', []), nested(path, values, keys)],
    }),
  )
const person = (path: string, values: readonly BuiltValue[], fileName = '\\??\\C:\\Users\\ana\\ntuser.dat') =>
  eventsOfHive(
    buildHive({ name: 'ROOT', keys: [nested('Console', []), nested('Software', []), nested(path, values)] }, fileName),
  )

describe('what a program left when it ran', () => {
  test('the background activity moderator has its last time for each user', () => {
    const events = system(
      nested(`ControlSet001\\Services\\bam\\State\\UserSettings\\${sid}`, [
        binary('\\Device\\HarddiskVolume3\\tools\\nc.exe', Buffer.concat([filetime(at), Buffer.alloc(16)])),
        number('SequenceNumber', 9),
      ]),
    )

    expect(withAction(events, 'program-ran')).toMatchObject([
      {
        '@timestamp': '2024-05-02T10:20:30.0000000Z',
        user: { id: sid },
        file: { path: '\\Device\\HarddiskVolume3\\tools\\nc.exe' },
        tidewaiter: { time_is: 'last run' },
      },
    ])
  })

  test('the compatibility cache of Windows 10 has its path and when it was changed, and not whether it ran', () => {
    const events = system(cacheOf(Buffer.concat([headOf(0x34, 0x34), tenEntry('C:\\a.exe'), tenEntry('C:\\b.exe')])))

    expect(withAction(events, 'program-seen').map(seenIn)).toEqual([
      ['C:\\a.exe', '2024-05-02T10:20:30.0000000Z', undefined],
      ['C:\\b.exe', '2024-05-02T10:20:30.0000000Z', undefined],
    ])
  })

  test.each([
    ['8', '00ts', Buffer.alloc(0)],
    ['8.1', '10ts', Buffer.from([4, 0, 0x41, 0, 0, 0])],
  ])('that of Windows %s has whether it ran as well', (_, signature, extra) => {
    const events = system(cacheOf(Buffer.concat([headOf(0x80, 0x80), eightEntry('C:\\a.exe', signature, extra)])))

    expect(withAction(events, 'program-seen').map(seenIn)).toEqual([
      ['C:\\a.exe', '2024-05-02T10:20:30.0000000Z', true],
    ])
  })

  test('that of Windows 7 (64 bit) says where its paths are', () => {
    const path = Buffer.from('C:\\a.exe', 'utf16le')
    const entry = Buffer.alloc(0x30)
    entry.writeUInt16LE(path.length, 0)
    entry.writeUInt32LE(0x80 + 0x30, 8)
    filetime(at).copy(entry, 16)
    entry.writeUInt32LE(2, 24)
    const head = Buffer.alloc(0x80)
    head.writeUInt32LE(0xbadc0fee)
    head.writeUInt32LE(1, 4)

    const events = system(cacheOf(Buffer.concat([head, entry, path])))

    // The word that tells of 64 bits is that before the place, which is empty.
    expect(withAction(events, 'program-seen').map(seenIn)).toEqual([
      ['C:\\a.exe', '2024-05-02T10:20:30.0000000Z', true],
    ])
  })

  test('the scheduler has what a task runs, and when it ran last', () => {
    const events = machine('Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\{1}', [
      text('Path', '\\Updater'),
      binary('Actions', actionsOf('C:\\u.exe', '-q')),
      binary('DynamicInfo', Buffer.concat([Buffer.from([3, 0, 0, 0]), filetime(at), filetime(at), Buffer.alloc(8)])),
    ])

    expect(withAction(events, 'task-found')).toMatchObject([
      {
        file: { path: 'C:\\u.exe' },
        tidewaiter: { task: { name: '\\Updater', actions: [{ command: 'C:\\u.exe', arguments: '-q' }] } },
      },
    ])
    expect(withAction(events, 'task-ran')).toMatchObject([{ '@timestamp': '2024-05-02T10:20:30.0000000Z' }])
  })

  test('a task of which the security descriptor was taken away is told to be hidden', () => {
    const events = machine(
      'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree',
      [],
      [
        { name: 'Shown', values: [text('Id', '{1}'), binary('SD', Buffer.alloc(20))] },
        { name: 'Hidden', values: [text('Id', '{2}')] },
      ],
    )

    expect(withAction(events, 'task-hidden').map(({ registry }) => (registry as { path: string }).path)).toEqual([
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree\\Hidden',
    ])
  })
})

describe('what programs leave behind', () => {
  test('the shell knows their names, and Sysinternals that its licence was accepted', () => {
    const events = [
      ...person('Software\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\Compatibility Assistant\\Store', [
        binary('C:\\x\\nc.exe', Buffer.alloc(8)),
      ]),
      ...person('Software\\Sysinternals\\PsExec', [number('EulaAccepted', 1)]),
    ]

    expect(withAction(events, 'program-known')).toMatchObject([{ file: { path: 'C:\\x\\nc.exe' } }])
    expect(withAction(events, 'program-run-once')).toMatchObject([{ file: { name: 'PsExec' } }])
  })
})

describe('what is started by itself', () => {
  test.each([
    ['Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe', 'Debugger', 'at the start of'],
    ['Wow6432Node\\Microsoft\\Windows NT\\CurrentVersion\\Windows', 'AppInit_DLLs', 'by every program with windows'],
    ['Microsoft\\Windows NT\\CurrentVersion\\Winlogon', 'Userinit', 'by Winlogon'],
    ['Microsoft\\Command Processor', 'AutoRun', 'by every command prompt'],
  ])('%s: %s', (path, value, by) => {
    const [found, ...more] = withAction(machine(path, [text(value, 'C:\\x\\evil.exe')]), 'autorun-found')

    expect(more).toEqual([])
    expect(found).toMatchObject({
      file: { path: 'C:\\x\\evil.exe' },
      registry: { path: `HKLM\\SOFTWARE\\${path}\\${value}`, value, data: { strings: ['C:\\x\\evil.exe'] } },
      tidewaiter: { started: expect.stringContaining(by) },
    })
  })

  test('of a command line the program is told, and the whole of it kept', () => {
    const commands = [
      ['"C:\\Program Files\\a b.exe" /q', 'C:\\Program Files\\a b.exe'],
      ['C:\\Program Files\\a b.exe /q', 'C:\\Program Files\\a b.exe'],
      ['rundll32.exe C:\\x.dll,Run', 'rundll32.exe'],
      ['%windir%\\x.cmd', '%windir%\\x.cmd'],
      ['powershell -enc AAAA', 'powershell'],
    ] as const
    const values = commands.map(([command], i) => text(String(i), command))
    const events = withAction(person('Software\\Microsoft\\Windows\\CurrentVersion\\Run', values), 'autorun-found')

    expect(events.map(({ file }) => (file as { path: string }).path)).toEqual(commands.map(([, program]) => program))
    expect(events.map(({ user }) => (user as { name: string }).name)).toEqual(commands.map(() => 'ana'))
  })
})

describe('what was switched off, and what was let in', () => {
  test('protections that are off are told, those that are on are not', () => {
    const events = [
      ...system(
        nested('ControlSet001\\Control\\Terminal Server', [number('fDenyTSConnections', 0)]),
        nested('ControlSet001\\Control\\SecurityProviders\\WDigest', [number('UseLogonCredential', 1)]),
        nested('ControlSet001\\Control\\Lsa', [number('LimitBlankPasswordUse', 1)]),
      ),
      ...machine('Microsoft\\Windows Defender\\Exclusions\\Paths', [number('C:\\Users\\Public', 0)]),
    ]

    expect(withAction(events, 'protection-weakened').map(({ message }) => message?.split('.')[0])).toEqual([
      'Remote Desktop is on',
      'Passwords are kept in memory in clear',
    ])
    expect(withAction(events, 'protection-excluded')).toMatchObject([{ file: { path: 'C:\\Users\\Public' } }])
  })

  test('documents of which the macros were allowed, and those that were opened', () => {
    const record = (allowed: number) => {
      const end = Buffer.alloc(16)
      end.writeUInt32LE(allowed, 12)
      return Buffer.concat([filetime(at), end])
    }
    const events = [
      ...person('Software\\Microsoft\\Office\\16.0\\Excel\\Security\\Trusted Documents\\TrustRecords', [
        binary('%USERPROFILE%/Downloads/invoice.xlsm', record(0x7fffffff)),
        binary('%USERPROFILE%/Downloads/list.xlsx', record(1)),
      ]),
      ...person('Software\\Microsoft\\Office\\16.0\\Excel\\File MRU', [
        text('Item 1', '[F00000000][T01DA9C7A00000000][O00000000]*C:\\entries\\a.xlsx'),
      ]),
    ]

    expect(withAction(events, 'macros-allowed')).toMatchObject([
      { '@timestamp': '2024-05-02T10:20:30.0000000Z', file: { path: '%USERPROFILE%/Downloads/invoice.xlsm' } },
    ])
    expect(withAction(events, 'document-trusted')).toHaveLength(1)
    expect(withAction(events, 'document-opened')).toMatchObject([
      { '@timestamp': expect.stringMatching(/^2024-05-02T/), file: { path: 'C:\\entries\\a.xlsx' } },
    ])
  })
})

describe('where a host and a person were', () => {
  test('networks have their names, kinds and local times', () => {
    const day = Buffer.from(Uint16Array.of(2024, 5, 4, 2, 10, 20, 30, 0).buffer)
    const events = machine('Microsoft\\Windows NT\\CurrentVersion\\NetworkList\\Profiles\\{1}', [
      text('ProfileName', 'Port Café'),
      number('NameType', 71),
      number('Category', 0),
      binary('DateLastConnected', day),
    ])

    expect(withAction(events, 'network-found')).toMatchObject([
      {
        network: { name: 'Port Café' },
        tidewaiter: { network: { kind: 'wireless', category: 'public', last_connected: '2024-05-02T10:20:30' } },
      },
    ])
  })

  test('USB drives have their serial number, and when they were there', () => {
    const property = (name: string) => ({ name, values: [{ name: '', type: 0x10, data: filetime(at) }] })
    const events = system(
      nested(
        'ControlSet001\\Enum\\USBSTOR\\Disk&Ven_SanDisk&Prod_Cruzer&Rev_1.20\\200608767007B7C08A6A&0',
        [text('FriendlyName', 'SanDisk Cruzer USB Device')],
        [nested('Properties\\{83da6326-97a6-4088-9453-a1923f573b29}', [], ['0064', '0066', '0067'].map(property))],
      ),
    )

    expect(withAction(events, 'device-found')).toMatchObject([
      { device: { manufacturer: 'SanDisk', model: { name: 'Cruzer' }, serial_number: '200608767007B7C08A6A' } },
    ])
    expect(
      ['device-installed', 'device-connected', 'device-removed'].map((action) => withAction(events, action).length),
    ).toEqual([1, 1, 1])
  })

  test('hosts that were connected to over Remote Desktop, and as whom', () => {
    const events = person('Software\\Microsoft\\Terminal Server Client\\Servers\\10.0.0.9', [
      text('UsernameHint', 'CORP\\ana'),
    ])

    expect(withAction(events, 'remote-desktop-used')).toMatchObject([
      { destination: { address: '10.0.0.9', user: { name: 'CORP\\ana' } } },
    ])
  })

  test('hosts that PuTTY knows, and shares that have a letter', () => {
    const events = [
      ...person('Software\\SimonTatham\\PuTTY\\SshHostKeys', [text('ssh-ed25519@2222:files.example', '0x1,0x2')]),
      ...person('Network\\Z', [text('RemotePath', '\\\\nas\\entries'), text('UserName', 'CORP\\ana')]),
    ]

    expect(withAction(events, 'ssh-host-known')).toMatchObject([
      { destination: { address: 'files.example', port: 2222 } },
    ])
    expect(withAction(events, 'share-used')).toMatchObject([{ file: { path: '\\\\nas\\entries' } }])
  })

  test('folders that are shared', () => {
    const events = system(
      nested('ControlSet001\\Services\\LanmanServer\\Shares', [list('entries', 'CSCFlags=0', 'Path=D:\\entries')]),
    )

    expect(withAction(events, 'share-offered')).toMatchObject([{ file: { path: 'D:\\entries' } }])
  })
})

describe('what a host is', () => {
  test('its Windows, its profiles and who signed in last', () => {
    const version = 'Microsoft\\Windows NT\\CurrentVersion'
    const events = [
      ...machine(version, [text('ProductName', 'Windows 10 Pro'), text('CurrentBuild', '19045')]),
      ...machine(`${version}\\ProfileList\\${sid}`, [text('ProfileImagePath', 'C:\\Users\\ana')]),
      ...machine('Microsoft\\Windows\\CurrentVersion\\Authentication\\LogonUI', [
        text('LastLoggedOnUser', 'CORP\\ana'),
      ]),
      ...machine('Microsoft\\Windows\\CurrentVersion\\Uninstall\\7z', [
        text('DisplayName', '7-Zip'),
        text('DisplayVersion', '23'),
      ]),
    ]

    expect(withAction(events, 'system-found')).toMatchObject([
      { host: { os: { name: 'Windows 10 Pro', kernel: '19045' } } },
    ])
    expect(withAction(events, 'profile-found')).toMatchObject([{ user: { id: sid, name: 'ana' } }])
    expect(withAction(events, 'last-user-found')).toMatchObject([{ user: { name: 'ana', domain: 'CORP' } }])
    expect(withAction(events, 'package-listed')).toMatchObject([{ package: { name: '7-Zip', version: '23' } }])
  })
})

function cacheOf(data: Buffer): BuiltKey {
  return nested('ControlSet001\\Control\\Session Manager\\AppCompatCache', [binary('AppCompatCache', data)])
}

function headOf(bytes: number, word: number): Buffer {
  const head = Buffer.alloc(bytes)
  head.writeUInt32LE(word)
  return head
}

/** Signature, four bytes, length of what follows; then length and text of the path. */
function entryOf(signature: string, path: string, rest: Buffer): Buffer {
  const text = Buffer.from(path, 'utf16le')
  const head = Buffer.alloc(14)
  head.write(signature)
  head.writeUInt32LE(2 + text.length + rest.length, 8)
  head.writeUInt16LE(text.length, 12)
  return Buffer.concat([head, text, rest])
}

const tenEntry = (path: string) => entryOf('10ts', path, Buffer.concat([filetime(at), Buffer.alloc(4)]))
const eightEntry = (path: string, signature: string, extra: Buffer) =>
  entryOf(signature, path, Buffer.concat([extra, Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), filetime(at), Buffer.alloc(4)]))

/** Version 3, the account, then an action that starts a program: its name, program, arguments, folder, flags. */
function actionsOf(command: string, args: string): Buffer {
  const sized = (content: string) => {
    const bytes = Buffer.from(content, 'utf16le')
    const size = Buffer.alloc(4)
    size.writeUInt32LE(bytes.length)
    return Buffer.concat([size, bytes])
  }
  return Buffer.concat([
    Buffer.from([3, 0]),
    sized('Author'),
    Buffer.from([0x66, 0x66]),
    ...['', command, args, ''].map(sized),
    Buffer.alloc(2),
  ])
}

function seenIn({ file, tidewaiter }: Event): unknown[] {
  const { path, mtime } = file as { path: string; mtime?: string }
  return [path, mtime, (tidewaiter.shim_cache as { was_run?: boolean }).was_run]
}
