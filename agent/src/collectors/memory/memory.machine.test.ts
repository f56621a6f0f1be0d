import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../folder.fixture.ts'
import { newLinuxHost } from '../../linux-host.fixture.ts'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { memory } from './index.ts'

const isMissing = spawnSync('python3', ['--version']).status !== 0
if (isMissing && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('python3'))
  throw new Error('TIDEWAITER_REQUIRE names python3, which is missing')

/** A program that says a word when it is ready, and waits. */
async function started(command: string, ...args: string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

const python = (lines: string) => started('python3', '-c', lines)
const wait = 'print("ready", flush=True); input()'

/** Lines of the mappings of this machine's processes, by process, after the addresses. */
async function mappingsHere() {
  const host = { ...newLinuxHost(), advance: async () => {}, settle: async () => {}, systemLog: [] }
  const rows = rowsOf(await newPasses(memory, host)()).map(({ row }) => row)
  const of = (pid: number) =>
    rows.filter((row) => row.pid === pid).map(({ line, ...row }) => ({ ...row, line: line.replace(/^\S+ /, '') }))
  return { rows, of }
}

test.skipIf(isMissing)('a process with a page that may be written and executed is told of', async () => {
  const pid = await python(
    `import mmap; page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC); ${wait}`,
  )

  expect((await mappingsHere()).of(pid)).toContainEqual(
    expect.objectContaining({
      ...{ kind: 'mapping', pid, exe: expect.stringContaining('python') },
      line: expect.stringMatching(/^rwxp 00000000 00:00 0/),
    }),
  )
})

test('a program whose file was deleted while it runs is told of', async () => {
  const folder = temporaryFolder('/opt')
  const program = join(folder, 'program')
  copyFileSync('/bin/sh', program)
  const pid = await started(program, '-c', 'echo ready; read end')
  unlinkSync(program)

  expect((await mappingsHere()).of(pid)).toContainEqual(
    expect.objectContaining({
      ...{ pid, exe: `${program} (deleted)`, fileLinks: 0, starttime: expect.any(Number) },
      line: expect.stringMatching(new RegExp(`^r-xp .* ${program} \\(deleted\\)$`)),
    }),
  )
})

test.skipIf(isMissing)('a program that never had a name on a disk is told of', async () => {
  const pid = await python(`import os
made = os.memfd_create("planted")
os.write(made, open("/bin/sh", "rb").read())
os.execv(f"/proc/self/fd/{made}", ["sh", "-c", "echo ready; read end"])`)

  expect((await mappingsHere()).of(pid)).toContainEqual(
    expect.objectContaining({
      ...{ pid, exe: '/memfd:planted (deleted)' },
      line: expect.stringMatching(/^r-xp .* \/memfd:planted \(deleted\)$/),
    }),
  )
})

test('a program that every account may write to, and one in a folder that is open to all, are told of', async () => {
  const pids = []
  for (const parent of ['/opt', '/dev/shm']) {
    const program = join(temporaryFolder(parent), 'program')
    copyFileSync('/bin/sh', program)
    chmodSync(program, parent === '/opt' ? 0o777 : 0o755)
    pids.push(await started(program, '-c', 'echo ready; read end'))
  }
  const { of, rows } = await mappingsHere()

  expect(pids.map((pid) => of(pid).map(({ fileMode }) => fileMode))).toEqual([['0777'], ['0755']])
  expect(of(pids[1] ?? 0)[0]?.line).toMatch(/ \/dev\/shm\/.*\/program$/)
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'meminfo', MemTotal: expect.stringMatching(/^\d+ kB$/) }))
})
