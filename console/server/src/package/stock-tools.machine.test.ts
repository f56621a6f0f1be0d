import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildToEnd, by, openTestConsole, type TestConsole } from './package.fixture.ts'
import { openPackages, type Packages } from './packages.ts'

/** What a recipient has at hand: the same commands that `00_README.txt` gives. */
const tools = ['openssl', 'unzip', 'sha256sum'] as const
const missing = tools.filter(
  (tool) => spawnSync(tool, [tool === 'unzip' ? '-v' : tool === 'openssl' ? 'version' : '--version']).status !== 0,
)
const required = (process.env.TIDEWAITER_REQUIRE ?? '').split(',')
if (missing.some((tool) => required.includes(tool)))
  throw new Error(`TIDEWAITER_REQUIRE names ${missing.join()}, which is missing`)
const stockTest = test.skipIf(missing.length > 0)

let console: TestConsole
let packages: Packages
let folder: string
let bag: string
let zip: string
let fingerprint: string

beforeAll(async () => {
  console = await openTestConsole()
  packages = await openPackages(console.deps)
  const row = await buildToEnd(packages, console.incident)
  fingerprint = row.signerFingerprint ?? ''
  zip = (await packages.file(row.id, by)).path
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bag-'))
  if (missing.length === 0) execFileSync('unzip', ['-q', zip, '-d', folder])
  bag = join(folder, readdirSync(folder)[0] ?? '')
})

afterAll(async () => {
  await packages.close()
  await console.close()
  rmSync(folder, { recursive: true, force: true })
})

function run(command: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: bag, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

const dgst = 'openssl dgst -sha256 -verify signer-pub.pem -signature tagmanifest-sha256.txt.sig tagmanifest-sha256.txt'
const cms =
  'openssl cms -verify -binary -inform DER -in tagmanifest-sha256.txt.p7s -content tagmanifest-sha256.txt -CAfile signer-cert.pem -purpose any -out /dev/null'

stockTest('unzip finds no fault in the container and sha256sum none in the files', () => {
  expect(run(`unzip -t '${zip}'`)).toMatchObject({ status: 0, output: expect.stringContaining('No errors detected') })
  expect(run('sha256sum --strict -c manifest-sha256.txt tagmanifest-sha256.txt')).toMatchObject({ status: 0 })
})

stockTest('openssl takes both signatures, and neither once a byte of the list is another one', () => {
  expect(run(dgst)).toEqual({ status: 0, output: 'Verified OK\n' })
  expect(run(cms)).toMatchObject({ status: 0, output: expect.stringContaining('successful') })

  const list = join(bag, 'tagmanifest-sha256.txt')
  const bytes = readFileSync(list)
  writeFileSync(list, bytes.toString().replace('bagit.txt', 'bagit.txT'))
  expect([run(dgst).status, run(cms).status]).toEqual([1, 4])
  writeFileSync(list, bytes)
})

stockTest('the fingerprint in the letter is the hash of the key that openssl prints', () => {
  expect(run('openssl pkey -pubin -in signer-pub.pem -outform DER | sha256sum').output).toContain(fingerprint)
  expect(run('openssl x509 -in signer-cert.pem -pubkey -noout | diff - signer-pub.pem')).toEqual({
    status: 0,
    output: '',
  })
  expect(readFileSync(join(bag, 'data/10_letter.txt'), 'utf8').replaceAll(/\s/g, '')).toContain(fingerprint)
})

stockTest('the commands that the instructions give are these', () => {
  const readme = readFileSync(join(bag, 'data/00_README.txt'), 'utf8').replaceAll(/\s+/g, ' ')

  expect(readme).toContain(dgst)
  expect(readme).toContain(cms.slice(0, cms.indexOf(' -out')))
})
