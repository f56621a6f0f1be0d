import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../folder.fixture.ts'
import { canRunJournald, startJournald } from './journald.fixture.ts'

const limits = { timeout: 60_000 }
const soon = { timeout: 15_000 }
const journaldTest = test.skipIf(!canRunJournald)

journaldTest(
  'what the journal holds comes byte for byte, then what is written later (real journald)',
  limits,
  async () => {
    const { run, write, follow } = await startJournald()
    write('MESSAGE=first\nPRIORITY=6\n')
    const first = follow()
    await expect.poll(first.bytes, soon).toContain('MESSAGE=first\n')

    write('MESSAGE=second\n')
    await expect.poll(first.bytes, soon).toContain('MESSAGE=second\n')
    expect(await first.stop()).toBe(0)

    expect(first.bytes()).toBe(run('journalctl', ['-o', 'export', '-q', '--no-pager']).toString('latin1'))
  },
)

journaldTest('after a restart it goes on behind the last entry (real journald)', limits, async () => {
  const { write, follow } = await startJournald()
  write('MESSAGE=first\n')
  const first = follow()
  await expect.poll(first.bytes, soon).toContain('MESSAGE=first\n')
  await first.stop()
  write('MESSAGE=second\n')

  const second = follow(first.position())
  await expect.poll(second.bytes, soon).toContain('MESSAGE=second\n')
  await second.stop()

  expect(second.bytes()).not.toContain('MESSAGE=first\n')
  expect(second.bytes().match(/^__CURSOR=/gm)).toHaveLength(1)
  expect(second.taken.filter((each) => 'lost' in each)).toEqual([])
})

journaldTest(
  'an entry that journald deleted is a loss of unknown size, and the rest comes (real journald)',
  limits,
  async () => {
    const { run, write, follow } = await startJournald()
    write('MESSAGE=first\n')
    const first = follow()
    await expect.poll(first.bytes, soon).toContain('MESSAGE=first\n')
    await first.stop()
    run('journalctl', ['--rotate'])
    write('MESSAGE=second\n')
    run('journalctl', ['--vacuum-files=1'])

    const second = follow(first.position())
    await expect.poll(second.bytes, soon).toContain('MESSAGE=second\n')
    await second.stop()

    expect(second.taken[0]).toMatchObject({ lost: { count: null } })
    expect(second.bytes()).not.toContain('MESSAGE=first\n')
  },
)

journaldTest(
  'binary fields are kept, and an entry over a mebibyte comes in parts that add up (real journald)',
  limits,
  async () => {
    const { run, follow } = await startJournald()
    const file = join(temporaryFolder(), 'entry')
    writeFileSync(file, Buffer.concat([Buffer.from('MESSAGE=big\nDATA=a\0\n\nb'), Buffer.alloc(2_500_000, 'x')]))
    run('python3', ['-c', sendEntry, file])

    const following = follow()
    await expect.poll(() => following.chunks().at(-1)?.head.last, soon).toBe(true)
    await following.stop()

    expect(following.bytes()).toBe(run('journalctl', ['-o', 'export', '-q', '--no-pager', '--all']).toString('latin1'))
    expect(following.chunks().flatMap(({ head }) => (head.part === undefined ? [] : [[head.part, head.last]]))).toEqual(
      [
        [1, undefined],
        [2, undefined],
        [3, true],
      ],
    )
  },
)

journaldTest('a kill between the parts of an entry repeats none of them (real journald)', limits, async () => {
  const { run, follow } = await startJournald()
  const file = join(temporaryFolder(), 'entry')
  writeFileSync(file, Buffer.concat([Buffer.from('MESSAGE=big\nDATA='), Buffer.alloc(2_500_000, 'x')]))
  run('python3', ['-c', sendEntry, file])
  const whole = follow()
  await expect.poll(() => whole.chunks().at(-1)?.head.last, soon).toBe(true)
  await whole.stop()
  const all = run('journalctl', ['-o', 'export', '-q', '--no-pager', '--all']).toString('latin1')
  expect(whole.bytes()).toBe(all)

  for (const part of [1, 2]) {
    const again = follow(whole.positionAfter(part))
    await expect.poll(() => again.chunks().at(-1)?.head.last, soon).toBe(true)
    await again.stop()

    expect(again.taken.filter((each) => 'lost' in each)).toEqual([])
    expect(again.chunks()[0]?.head.part).toBe(part + 1)
    expect(all.endsWith(again.bytes())).toBe(true)
  }
})

/** The native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): a field that holds an LF goes with its length; large ones by file descriptor. */
const sendEntry = `
import array, os, socket, struct, sys
message, data = open(sys.argv[1], 'rb').read().split(b'\\nDATA=', 1)
entry = message + b'\\nDATA\\n' + struct.pack('<Q', len(data)) + data + b'\\n'
memory = os.memfd_create('entry', os.MFD_ALLOW_SEALING)
os.write(memory, entry)
import fcntl
fcntl.fcntl(memory, 1033, 15)
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sender.connect('/run/systemd/journal/socket')
sender.sendmsg([b''], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [memory]))])
`
