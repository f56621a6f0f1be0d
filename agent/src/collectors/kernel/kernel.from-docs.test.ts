import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { newSystemHost } from '../system.fixture.ts'
import { kernel } from './index.ts'
import { parseModules } from './modules.ts'

const rowsFrom = async (files: Parameters<typeof newSystemHost>[0]) =>
  rowsOf(await newPasses(kernel, newSystemHost(files))()).map(({ row }) => row)

/** As proc(5) writes it: the machine of these tests has a kernel without modules. */
const list =
  'nf_tables 303104 2 nft_chain_nat,nf_nat, Live 0xffffffffc0a00000\nodd_one 16384 0 - Live 0x0000000000000000 (OE)\n'
const sys = (name: string) => ({ [`/sys/module/${name}/initstate`]: 'live\n' })

test('a loaded module is told with its taint, version and file', async () => {
  const rows = await rowsFrom({
    '/proc/modules': list,
    '/proc/sys/kernel/osrelease': '6.1.0-31-amd64\n',
    '/lib/modules/6.1.0-31-amd64/modules.dep': 'kernel/net/netfilter/nf_tables.ko.xz:\nupdates/odd-one.ko: a b\n',
    '/sys/module/odd_one/version': '1.0\n',
    ...sys('odd_one'),
  })

  expect(rows.filter(({ kind }) => kind === 'module')).toEqual([
    {
      ...{ kind: 'module', name: 'nf_tables', size: 303_104, state: 'Live', usedBy: ['nft_chain_nat', 'nf_nat'] },
      path: '/lib/modules/6.1.0-31-amd64/kernel/net/netfilter/nf_tables.ko.xz',
      sha256: expect.any(String),
    },
    {
      ...{ kind: 'module', name: 'odd_one', size: 16_384, state: 'Live', usedBy: [], taint: 'OE', version: '1.0' },
      path: '/lib/modules/6.1.0-31-amd64/updates/odd-one.ko',
      sha256: expect.any(String),
    },
  ])
})

test('a module that has taken itself out of the list is told, and what is built in is not', async () => {
  const rows = await rowsFrom({ '/proc/modules': list, ...sys('hidden'), '/sys/module/tcp_cubic/parameters/x': '1' })

  expect(rows.filter(({ onlyIn }) => onlyIn)).toEqual([{ kind: 'module', name: 'hidden', onlyIn: '/sys/module' }])
})

test('settings, the command line, Secure Boot and formats of programs are told as the kernel says them', async () => {
  const rows = await rowsFrom({
    '/proc/sys/kernel/yama/ptrace_scope': '1\n',
    '/proc/cmdline': 'root=/dev/vda quiet\n',
    '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': '\u0006\0\0\0\u0001',
    '/proc/sys/fs/binfmt_misc/status': 'enabled\n',
    '/proc/sys/fs/binfmt_misc/odd': 'enabled\ninterpreter /opt/odd\n',
  })

  expect(rows).toEqual([
    { kind: 'setting', name: 'kernel.yama.ptrace_scope', value: '1' },
    { kind: 'setting', name: 'command line', value: 'root=/dev/vda quiet' },
    { kind: 'setting', name: 'secure boot', value: '1' },
    { kind: 'binary-format', name: 'odd', text: 'enabled\ninterpreter /opt/odd' },
  ])
})

test('how often a module is in use makes it no other row', async () => {
  const files = { '/proc/modules': list }
  const pass = newPasses(kernel, newSystemHost(files))
  await pass()
  files['/proc/modules'] = list.replace(' 2 nft_chain_nat,nf_nat,', ' 1 nf_nat,')

  expect(rowsOf(await pass())).toEqual([])
})

test('any text is read as modules in the end', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseModules(text))))
  expect(parseModules(`${'a'.repeat(1_000_000)}\n${'1 '.repeat(500_000)}`)).toEqual([])
})
