import { expect, test } from 'vitest'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { newSystemHost } from '../system.fixture.ts'
import { parseCapabilities } from './capabilities.ts'
import { privilegedFiles } from './index.ts'

const mounts = [
  '22 27 0:21 / /proc rw - proc proc rw',
  '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
  '30 27 254:1 / /srv/my\\040disk rw - xfs /dev/vdb rw',
  '31 27 254:0 /usr /mnt/again rw - ext4 /dev/vda rw',
  '32 27 0:50 / /mnt/nfs rw - nfs4 192.0.2.9:/ rw',
  '33 27 0:60 / /var/lib/docker/merged rw - overlay overlay rw',
].join('\n')
const program = { text: 'x', mode: 0o4755 }
const files = {
  '/proc/self/mountinfo': `${mounts}\n`,
  '/proc/odd': program,
  '/usr/bin/su': program,
  '/usr/bin/wall': { text: 'x', mode: 0o2755, gid: 5 },
  '/usr/bin/ping': { text: 'x', mode: 0o755 },
  '/usr/bin/plain': { text: 'x', mode: 0o644 },
  '/usr/share/folder/x': 'x',
  '/srv/my disk/odd': program,
  '/mnt/again/bin/su': program,
  '/mnt/nfs/su': program,
  '/var/lib/docker/merged/su': program,
  '/tmp/link': { link: '/usr/bin/su', mode: 0o4777 },
}

function newHost(made: Parameters<typeof newSystemHost>[0], capabilities?: string) {
  const host = newSystemHost(made)
  const slept: number[] = []
  const asked: string[] = []
  host.sleep = async (ms) => void slept.push(ms)
  host.has = () => capabilities !== undefined
  host.ask = async (_, paths) => {
    asked.push(...paths)
    return Buffer.from(capabilities ?? '')
  }
  return { host, slept, asked }
}

test('setuid and setgid programs are found on every volume of the machine, each once', async () => {
  const rows = rowsOf(await newPasses(privilegedFiles, newHost(files).host)()).map(({ row }) => row)

  expect(rows.filter(({ kind }) => kind === 'setid-file')).toMatchObject([
    { path: '/usr/bin/su', mode: '4755', uid: 0, sha256: expect.any(String), mtime: expect.any(String) },
    { path: '/usr/bin/wall', mode: '2755', gid: 5 },
    { path: '/srv/my disk/odd', mode: '4755' },
  ])
})

test('of each volume a row says how far it was walked', async () => {
  const rows = rowsOf(await newPasses(privilegedFiles, newHost(files).host)()).map(({ row }) => row)

  expect(rows.filter(({ kind }) => kind === 'walk')).toEqual([
    { kind: 'walk', path: '/', type: 'ext4', files: 5, folders: expect.any(Number), cut: 0 },
    { kind: 'walk', path: '/srv/my disk', type: 'xfs', files: 1, folders: 1, cut: 0 },
  ])
})

test('capabilities are those that getcap says of programs, and that it is missing is said', async () => {
  const { host, asked } = newHost(files, '/usr/bin/ping cap_net_raw=ep\n/usr/bin/never-asked cap_sys_admin=ep\n')
  const rows = rowsOf(await newPasses(privilegedFiles, host)()).map(({ row }) => row)

  expect(rows.filter(({ capabilities }) => capabilities)).toMatchObject([
    { kind: 'capable-file', path: '/usr/bin/ping', mode: '0755', capabilities: 'cap_net_raw=ep' },
  ])
  expect(asked).toEqual(['/usr/bin/su', '/usr/bin/wall', '/usr/bin/ping', '/srv/my disk/odd'])
  expect(rowsOf(await newPasses(privilegedFiles, newHost(files).host)()).at(-1)?.row).toEqual({
    ...{ kind: 'not-looked', command: 'getcap', why: 'getcap is not installed', files: 4 },
  })
  expect(parseCapabilities('/a b = cap_net_raw+ep\n/c =ep\nno line\n')).toEqual([
    ['/a b', 'cap_net_raw+ep'],
    ['/c', '=ep'],
  ])
})

test('a walk pauses every 200 names, and ends after 20 minutes with a word of it', async () => {
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`/usr/share/${i}`, 'x']))
  const made = { '/proc/self/mountinfo': files['/proc/self/mountinfo'], ...many }
  const { host, slept } = newHost(made)
  await newPasses(privilegedFiles, host)()
  expect(slept).toEqual([50, 50, 50, 50, 50])

  const slow = newHost(made)
  slow.host.sleep = async (ms) => slow.host.advance(ms + 11 * 60_000)
  const rows = rowsOf(await newPasses(privilegedFiles, slow.host)()).map(({ row }) => row)
  expect(rows.find(({ path }) => path === '/')).toMatchObject({
    ...{ kind: 'walk', why: 'it takes longer than 20 minutes' },
  })
})

test('a file that becomes setuid is a change, and how many files there are is none', async () => {
  const made: Parameters<typeof newSystemHost>[0] & Record<string, unknown> = { ...files }
  const pass = newPasses(privilegedFiles, newHost(made).host)
  await pass()
  made['/tmp/one-more'] = 'x'
  made['/tmp/odd'] = program

  expect(rowsOf(await pass()).map(({ holds, row }) => [holds, row.kind, row.path])).toEqual([
    ['appeared', 'setid-file', '/tmp/odd'],
  ])
})

test('many setuid files of one account leave room for those of others, and are said to be more', async () => {
  const own = { text: 'x', mode: 0o4755, uid: 1000 }
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`/home/ana/${i}`, own]))
  const host = newHost({ '/proc/self/mountinfo': files['/proc/self/mountinfo'], ...many, '/aaa': program }).host
  const rows = rowsOf(await newPasses(privilegedFiles, host)()).map(({ row }) => row)

  expect(rows.filter(({ uid, kind }) => uid === 1000 && kind === 'setid-file')).toHaveLength(2_000)
  expect(rows).toContainEqual(expect.objectContaining({ path: '/aaa', uid: 0 }))
  expect(rows).toContainEqual({ kind: 'not-looked', uid: 1000, why: expect.any(String), files: 3_000 })
})

test('a digest that takes too long leaves the others to the next pass, and that is said', async () => {
  const { host } = newHost(files)
  host.hashFile = async () => {
    await host.advance(61_000)
    return { sha256: 'ab'.repeat(32) }
  }
  const rows = rowsOf(await newPasses(privilegedFiles, host)()).map(({ row }) => row)

  expect(rows.flatMap(({ sha256, sha256Why }) => sha256 ?? sha256Why ?? [])).toEqual([
    'ab'.repeat(32),
    'not hashed yet',
    'not hashed yet',
  ])
})
