import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { newSystemHost } from '../system.fixture.ts'
import { parseKey } from './authorized-key.ts'
import { accounts } from './index.ts'
import { passwordState } from './password.ts'
import { rulesOf } from './sudoers.ts'

const digest = '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7'
/** Made with `ssh-keygen -t ed25519 -C ana@desk`; its fingerprint is what `ssh-keygen -l` says. */
const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIGUT7JVMyoiowbqzgyeTbPzdLktMnVFV9zqmJOWxLMEZ'
const fingerprint = `SHA256:${hash('sha256', Buffer.from(key, 'base64'), 'base64').replace('=', '')}`

const files = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nana:x:1000:1000:Ana Abara,room 7,555-0142:/home/ana:/bin/sh\n',
  '/etc/shadow': { text: `root:*:20000:0:99999:7:::\nana:!${digest}:20400:0:90:7:30:20999:\n`, mode: 0o640, gid: 42 },
  '/etc/group': 'sudo:x:27:ana,bob\nana:x:1000:\n',
  '/etc/sudoers': 'Defaults env_reset\n# no rule\n%sudo ALL=(ALL:ALL) \\\n  ALL\n@includedir /etc/sudoers.d\n',
  '/etc/sudoers.d/backup': { text: 'svc ALL=(root) NOPASSWD: /usr/bin/rsync\n', mode: 0o440 },
  '/home/ana/.ssh/authorized_keys': {
    text: `# mine\nfrom="192.0.2.7",command="/bin/echo \\"a b\\"" ssh-ed25519 ${key} ana@desk\nno key\n`,
    mode: 0o600,
    uid: 1000,
  },
}
const rows = async (made: Parameters<typeof newSystemHost>[0] = files) =>
  rowsOf(await newPasses(accounts, newSystemHost(made))())
const row = async (kind: string, name?: string) =>
  (await rows())
    .map((each) => each.row)
    .find((each) => each.kind === kind && (name === undefined || each.name === name))

test('accounts and groups stand as their files say, with the full name and no telephone number', async () => {
  expect(await row('account', 'ana')).toEqual({
    ...{ kind: 'account', name: 'ana', uid: 1000, gid: 1000, gecos: 'Ana Abara', home: '/home/ana', shell: '/bin/sh' },
    password: 'elsewhere',
  })
  expect(await row('group', 'sudo')).toEqual({ kind: 'group', name: 'sudo', gid: 27, members: ['ana', 'bob'] })
})

test('of a password there is its state, and neither its digest nor one of the file that holds it', async () => {
  const days = { min: 0, warn: 7 }
  expect(await row('password', 'ana')).toEqual({
    ...{ kind: 'password', name: 'ana', password: 'set', locked: true, algorithm: 'yescrypt' },
    ...{ ...days, lstchg: 20400, max: 90, inact: 30, expire: 20999 },
  })
  expect(await row('password', 'root')).toMatchObject({ password: 'unusable', lstchg: 20000 })

  const all = await rows()
  expect(JSON.stringify(all)).not.toContain('F5Jx5fExrKuPp53xLKQ')
  expect(all.find((each) => each.row.path === '/etc/shadow')?.row).toEqual({
    ...{ kind: 'file', path: '/etc/shadow', mode: '0640', uid: 0, gid: 42, size: expect.any(Number) },
    ...{ mtime: '2026-11-01T08:00:00.123456789Z', ctime: '2026-11-01T08:00:00.123456790Z' },
  })
})

test('no part of a password field of eight characters or more leaves the host, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -9;-~]{8,80}$/), (field) => {
      expect(JSON.stringify(passwordState(field))).not.toContain(field)
    }),
  )
  for (const [field, algorithm] of [
    ['$6$salt$x', 'sha512crypt'],
    ['$2b$12$x', 'bcrypt'],
    ['$gy$x', 'gost-yescrypt'],
    ['ab01FAX.bQRSU', 'descrypt'],
    ['$zz9$secret', 'unknown'],
  ] as const)
    expect(passwordState(field)).toEqual({ password: 'set', algorithm })
  expect(passwordState('')).toEqual({ password: 'none' })
  expect(passwordState('!')).toEqual({ password: 'unusable', locked: true })
})

test('rules of sudo are read with what is included, joined where they go on in the next line', async () => {
  const rules = (await rows()).filter((each) => each.row.kind === 'sudo-rule').map((each) => each.row)

  expect(rules).toEqual([
    { kind: 'sudo-rule', path: '/etc/sudoers', text: 'Defaults env_reset', line: 1 },
    { kind: 'sudo-rule', path: '/etc/sudoers', text: '%sudo ALL=(ALL:ALL)   ALL', line: 3 },
    { kind: 'sudo-rule', path: '/etc/sudoers', text: '@includedir /etc/sudoers.d', line: 5 },
    { kind: 'sudo-rule', path: '/etc/sudoers.d/backup', text: 'svc ALL=(root) NOPASSWD: /usr/bin/rsync', line: 1 },
  ])
  expect(rulesOf('#1000 ALL=ALL\n#includedir /x\n#x\n').map(({ text }) => text)).toEqual([
    '#1000 ALL=ALL',
    '#includedir /x',
  ])
})

test('an authorized key is told by its fingerprint, options and comment, and its file with owner and mode', async () => {
  const path = '/home/ana/.ssh/authorized_keys'
  expect(await row('authorized-key')).toEqual({
    ...{ kind: 'authorized-key', path, account: 'ana', fingerprint, type: 'ssh-ed25519', comment: 'ana@desk', line: 2 },
    options: 'from="192.0.2.7",command="/bin/echo \\"a b\\""',
  })
  expect(await row('authorized-keys')).toMatchObject({ path, mode: '0600', uid: 1000, sha256: expect.any(String) })
  expect(await row('malformed')).toEqual({ kind: 'malformed', path, line: 3 })
})

test('keys are looked for where sshd is told to, and never in a home on another machine', async () => {
  const made = {
    ...files,
    '/etc/ssh/sshd_config': 'AuthorizedKeysFile /etc/keys/%u\n',
    '/etc/keys/ana': `ssh-ed25519 ${key}\n`,
    '/proc/self/mountinfo': '40 1 0:50 / /home rw - nfs4 192.0.2.9:/home rw\n',
  }

  const found = (await rows(made)).map((each) => each.row)

  expect(found.filter(({ kind }) => kind === 'authorized-key')).toEqual([])
  expect(found).toContainEqual(expect.objectContaining({ kind: 'not-looked', account: 'ana', home: '/home/ana' }))
  const here = (await rows({ ...made, '/proc/self/mountinfo': '' })).map((each) => each.row)
  expect(here.filter(({ kind }) => kind === 'authorized-key').map(({ path }) => path)).toEqual([
    '/home/ana/.ssh/authorized_keys',
    '/etc/keys/ana',
  ])
})

test('a pass after the first hands over what changed, and names what ended', async () => {
  const made: Record<string, (typeof files)[keyof typeof files]> = { ...files }
  const pass = newPasses(accounts, newSystemHost(made))
  await pass()

  made['/etc/passwd'] = 'root:x:0:0:root:/root:/bin/sh\n'
  const changes = rowsOf(await pass()).filter(({ row: { kind } }) => kind === 'account')

  expect(changes.map(({ holds, row: { name, shell } }) => [holds, name, shell])).toEqual([
    ['ended', 'ana', undefined],
    ['appeared', 'root', '/bin/sh'],
  ])
  expect(await pass()).toEqual([expect.objectContaining({ chunks: [] })])
})

test('any bytes in these files are read in the end, and no line of a password file is told', async () => {
  const long = 'a'.repeat(5_000_000)
  const made = { ...files, '/etc/shadow': { text: `${digest}\n`, mode: 0o640, gid: 42 }, '/etc/passwd': long }
  const found = (await rows(made)).map((each) => each.row)

  expect(JSON.stringify(found)).not.toContain('F5Jx5fExrKuPp53xLKQ')
  expect(found).toContainEqual({ kind: 'malformed', path: '/etc/shadow', line: 1 })
  expect(found).toContainEqual(
    expect.objectContaining({ path: '/etc/passwd', cut: true, sha256: 'hash of /etc/passwd' }),
  )
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
      const all = Object.fromEntries(Object.keys(files).map((path) => [path, text]))
      await newPasses(accounts, newSystemHost(all))()
      parseKey(text)
    }),
    { numRuns: 50 },
  )
})
