import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { payloadFiles, tagFiles } from '@tidewaiter/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setFact } from '../incidents/facts.ts'
import { addItem } from '../incidents/incidents.ts'
import { buildToEnd, by, hostile, openTestConsole, type TestConsole } from './package.fixture.ts'
import { openPackages, type Packages } from './packages.ts'
import { filesOf, text, verify } from './repack.fixture.ts'

let console: TestConsole
let packages: Packages

beforeEach(async () => {
  console = await openTestConsole()
  packages = await openPackages(console.deps)
})

afterEach(async () => {
  await packages.close()
  await console.close()
})

/** A small volume can be made here: by root, and where mounting is allowed. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-mount-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', folder]).status === 0
  if (isMounted) execFileSync('umount', [folder])
  rmdirSync(folder)
  return isMounted
}

async function bytesOf(id: string): Promise<Buffer> {
  return readFileSync((await packages.file(id, by)).path)
}

async function folderNow(): Promise<string[]> {
  return (await readdir(join(console.deps.data, 'packages'))).sort()
}

test('a build ends with a file that is what its row says, and every act about it is recorded', async () => {
  const row = await buildToEnd(packages, console.incident)

  const bytes = await bytesOf(row.id)
  expect(row).toMatchObject({ state: 'built', number: 1, fileName: 'INC-1_soc_v1.zip', bytes: bytes.length })
  expect(row.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(await verify(bytes, { fingerprint: row.signerFingerprint ?? '' })).toMatchObject({ ok: true })
  const acts = await console.deps.store
    .selectFrom('audit')
    .select('act')
    .where('act', 'like', 'package.%')
    .orderBy('no')
    .execute()
  expect(acts.map(({ act }) => act)).toEqual(['package.build', 'package.built', 'package.download'])
  expect(await folderNow()).toEqual([`${row.id}.json`, `${row.id}.zip`])
})

test('the same cut gives the same file, byte for byte, whatever has happened since', async () => {
  const first = await buildToEnd(packages, console.incident)
  const { store, vault } = console.deps
  for (const host of console.hosts) console.ledger.add(host.seal(['later'], { witness: console.ledger.head() }))
  await setFact(
    store,
    console.incident,
    { field: 'impact', state: 'answered', value: 'worse', rev: 6 },
    { ...by, vault },
  )
  await addItem(store, console.incident, { kind: 'record', ref: `${console.hosts[0].id}/9/0` }, by)
  await store.updateTable('host').set({ name: 'renamed' }).execute()
  console.findings[0]!.verdict = 'benign'

  const again = await buildToEnd(packages, console.incident, { asOf: first.cut })
  const now = await buildToEnd(packages, console.incident)

  expect(again).toMatchObject({ number: 1, cut: first.cut, sha256: first.sha256 })
  expect((await bytesOf(again.id)).equals(await bytesOf(first.id))).toBe(true)
  expect(now).toMatchObject({ state: 'built', number: 2 })
  expect(text(filesOf(await bytesOf(now.id)), payloadFiles.letterText)).toContain('worse')
})

test('the signature of a cut stays when the key is rotated, and the next package has the new key', async () => {
  const first = await buildToEnd(packages, console.incident)
  await console.deps.keys.rotate('package')
  await console.deps.keys.rotate('ledger')

  const again = await buildToEnd(packages, console.incident, { asOf: first.cut })
  const next = await buildToEnd(packages, console.incident)

  expect(again).toMatchObject({ sha256: first.sha256, signerFingerprint: first.signerFingerprint })
  expect(next.signerFingerprint).not.toBe(first.signerFingerprint)
  expect(await verify(await bytesOf(next.id))).toMatchObject({ ok: true })
})

test('documents name the key that signs them: also of an earlier cut under another label, after the key was replaced', async () => {
  const first = await buildToEnd(packages, console.incident)
  await console.deps.keys.rotate('package')

  const wider = await buildToEnd(packages, console.incident, { asOf: first.cut, tlp: 'GREEN' })

  const now = console.deps.keys.packageSigner().fingerprint
  expect(wider).toMatchObject({ state: 'built', cut: first.cut, signerFingerprint: now })
  expect(now).not.toBe(first.signerFingerprint)
  const files = filesOf(await bytesOf(wider.id))
  expect(text(files, payloadFiles.readme).match(/[0-9a-f]{64}/g)).toEqual([now, now])
  expect(text(files, payloadFiles.letterText).replaceAll(/\s/g, '')).toContain(now)
  expect(await verify(await bytesOf(wider.id), { fingerprint: now })).toMatchObject({ ok: true })
})

test('a package whose earlier signature does not fit what is written now is signed by the key of now, and names it', async () => {
  const first = await buildToEnd(packages, console.incident)
  await console.deps.keys.rotate('package')
  await console.deps.store.deleteFrom('signature').execute()

  const again = await buildToEnd(packages, console.incident, { asOf: first.cut })

  const now = console.deps.keys.packageSigner().fingerprint
  expect(again).toMatchObject({ state: 'built', number: 1, signerFingerprint: now })
  expect(text(filesOf(await bytesOf(again.id)), payloadFiles.readme).match(/[0-9a-f]{64}/g)).toEqual([now, now])
  expect(await verify(await bytesOf(again.id), { fingerprint: now })).toMatchObject({ ok: true })
})

test('a cut nothing was built at, another incident, or one that is no cut is refused', async () => {
  const { cut } = await buildToEnd(packages, console.incident)
  const [ledger = '', ...rest] = cut.split(':')

  for (const asOf of ['', 'yesterday', `${ledger}:1:1:1`, ['0'.repeat(32), ...rest].join(':')])
    await expect(packages.build(console.incident, { profile: 'soc', asOf }, by)).rejects.toMatchObject({
      code: 'cut-unknown',
    })
  await expect(packages.build('INC-2', { profile: 'soc', asOf: cut }, by)).rejects.toMatchObject({
    code: 'cut-unknown',
  })
  await expect(packages.build('INC-9', { profile: 'soc' }, by)).rejects.toMatchObject({ code: 'not-found' })
})

test('what this version cannot build is refused in words, before anything is written', async () => {
  await expect(packages.build(console.incident, { profile: 'reconnection' }, by)).rejects.toMatchObject({
    code: 'input-malformed',
  })
  await expect(packages.build(console.incident, { profile: 'soc', disclose: 'batches' }, by)).rejects.toMatchObject({
    code: 'input-malformed',
  })
  expect(await packages.list(console.incident)).toEqual([])
})

test('a package for a wider circle leaves out what others gave under a stricter label, and says how much', async () => {
  const row = await packages.build(console.incident, { profile: 'soc', tlp: 'GREEN' }, by)
  while ((await packages.get(row.id)).state === 'building') await new Promise((resolve) => setImmediate(resolve))

  const files = filesOf(await bytesOf(row.id))
  for (const path of Object.values(payloadFiles)) {
    expect([path, text(files, path).includes('203.0.113.141')]).toEqual([path, false])
    if (path !== payloadFiles.summary && path !== payloadFiles.timeline)
      expect([path, text(files, path).includes('cdn.cargo-docs.example')]).toEqual([path, false])
  }
  expect(text(files, payloadFiles.letterText)).toContain('their own label is stricter than TLP:GREEN: 4.')
})

test('values from hosts stand harmless in the letter and in tables, and importer numbers nowhere in clear', async () => {
  const files = filesOf(await bytesOf((await buildToEnd(packages, console.incident)).id))
  const html = text(files, payloadFiles.letterHtml)
  const letter = text(files, payloadFiles.letterText)

  expect(html).not.toMatch(/<script|<a |http:|javascript:|\u202e/)
  expect(html).toContain('=HYPERLINK(&quot;hxxp://evil[.]example&quot;)&lt;U+202E&gt;')
  expect(letter).toContain('203[.]0[.]113[.]77')
  expect(letter).toContain('4 known: 2 EIN, 1 SSN, 1 CBP-assigned')
  const { facts } = JSON.parse(text(files, payloadFiles.summary)) as { facts: { field: string; value: string }[] }
  expect(facts.find(({ field }) => field === 'importerNumbers')).toMatchObject({ state: 'answered', value: '' })
  for (const [path, data] of files) {
    const isProof = path.endsWith('records.ndjson')
    for (const number of ['00-0000123', '00-0000124AB', '987-65-4320', '260000-00001'])
      if (!isProof) expect([path, data.includes(number)]).toEqual([path, false])
    if (path.endsWith('.csv')) expect([path, /(?:^|,)"?[=+@]/m.test(data.toString())]).toEqual([path, false])
    expect([path, /[\u202a-\u202e]/.test(path.endsWith('.json') ? '' : data.toString())]).toEqual([path, false])
  }
  expect(hostile.line).toContain('00-0000123')
})

test('the letter says of every row of CBP whether it was looked at, and of every fact what is known', async () => {
  const letter = text(
    filesOf(await bytesOf((await buildToEnd(packages, console.incident)).id)),
    payloadFiles.letterText,
  )
  const html = text(filesOf(await bytesOf((await packages.list(console.incident))[0]!.id)), payloadFiles.letterHtml)

  expect(letter.match(/Not looked: this version has no detector for it/g)).toHaveLength(7)
  expect(letter).toContain('On 1 of 2 hosts. Not looked on the others')
  expect(letter).toContain('Fact: Cause\n    Answer: Not known yet')
  expect(letter).toContain('2026-11-24T11:42:00.000Z (entered as 2026-11-24T06:42-05:00)')
  expect(letter.split('\n')[0]).toMatch(/ TLP:AMBER$/)
  expect(letter.trimEnd().split('\n').at(-1)).toMatch(/ TLP:AMBER$/)
  expect(html).toMatch(/^<!doctype html>\n<html lang="en-US">/)
  expect(html.match(/<caption>/g)?.length).toBe(html.match(/<table>/g)?.length)
})

test('the instructions are plain ASCII, 20 to 40 lines, with the fingerprint to compare', async () => {
  const row = await buildToEnd(packages, console.incident)
  const readme = text(filesOf(await bytesOf(row.id)), payloadFiles.readme)

  expect(readme).toMatch(/^[\n -~]+$/)
  expect(readme.trimEnd().split('\n').length).toBeGreaterThanOrEqual(20)
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
  expect(readme).toContain(row.signerFingerprint)
})

test('a build can be cancelled while it waits or runs; nothing of it stays, and its number is free again', async () => {
  const first = await packages.build(console.incident, { profile: 'soc' }, by)
  const second = await packages.build(console.incident, { profile: 'soc' }, by)
  await packages.cancel(second.id, by)
  await packages.cancel(first.id, by)
  while ((await packages.get(second.id)).state === 'building') await new Promise((resolve) => setImmediate(resolve))

  expect(await packages.get(first.id)).toMatchObject({ state: 'cancelled', number: 1 })
  expect(await packages.get(second.id)).toMatchObject({ state: 'cancelled', number: 2 })
  expect(await folderNow()).toEqual([])
  expect(await buildToEnd(packages, console.incident)).toMatchObject({ state: 'built', number: 1 })
  await expect(packages.file(first.id, by)).rejects.toMatchObject({ code: 'not-found' })
  expect(await packages.cancel(first.id, by)).toMatchObject({ state: 'cancelled' })
})

test('a console that was killed during a build says so at its next start and keeps finished packages only', async () => {
  const kept = await buildToEnd(packages, console.incident)
  const { store, data } = console.deps
  const cut = await packages.build(console.incident, { profile: 'soc' }, by)
  await packages.close()
  await store.updateTable('package').set({ state: 'building' }).where('id', '=', cut.id).execute()
  for (const kind of ['unfinished', 'zip', 'json', 'state'])
    await writeFile(join(data, 'packages', `${cut.id}.${kind}`), 'half')
  await writeFile(join(data, 'packages', 'notes.txt'), 'not ours')

  packages = await openPackages(console.deps)

  expect(await packages.get(cut.id)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('stopped while'),
  })
  expect(await folderNow()).toEqual([`${kept.id}.json`, `${kept.id}.zip`, 'notes.txt'])
  expect(await verify(await bytesOf(kept.id))).toMatchObject({ ok: true })
})

test('a full disk ends the build politely, leaves no half file, and the next build goes on', async () => {
  const { ledger } = console.deps
  const payload = ledger.payload
  ledger.payload = async () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  }

  const row = await buildToEnd(packages, console.incident)

  expect(row).toMatchObject({ state: 'failed', problem: expect.stringContaining('is full') })
  expect(await folderNow()).toEqual([])
  ledger.payload = payload
  expect(await buildToEnd(packages, console.incident)).toMatchObject({ state: 'built', number: 1 })
})

test.skipIf(!canMount())(
  'a volume that is really full ends the build the same way, and the package is built once there is room',
  async () => {
    const folder = join(console.deps.data, 'packages')
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', folder])
    try {
      const row = await buildToEnd(packages, console.incident)

      expect(row).toMatchObject({ state: 'failed', problem: expect.stringContaining('is full') })
      expect(await folderNow()).toEqual([])
      execFileSync('mount', ['-o', 'remount,size=8m', folder])
      expect(await buildToEnd(packages, console.incident)).toMatchObject({ state: 'built', number: 1 })
    } finally {
      // Before the hooks that remove the folder, and also while a file in it is still open.
      execFileSync('umount', ['--lazy', folder])
    }
  },
)

test('a mistake of ours fails the build without telling its inside', async () => {
  console.deps.ledger.leaves = async () => {
    throw new Error('secret inside')
  }

  const row = await buildToEnd(packages, console.incident)

  expect(row).toMatchObject({ state: 'failed', problem: expect.not.stringContaining('secret') })
})

test('entries that do not give the signed head are not packed', async () => {
  const leaves = console.deps.ledger.leaves
  console.deps.ledger.leaves = async (size) => {
    const bytes = Buffer.from(await leaves(size))
    bytes[5]! ^= 1
    return bytes
  }

  expect(await buildToEnd(packages, console.incident)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('do not give the head that was signed'),
  })
})

test('a package of which the file was removed by hand is not offered as an empty one', async () => {
  const row = await buildToEnd(packages, console.incident)
  const { path } = await packages.file(row.id, by)
  await rm(path)

  await expect(packages.file(row.id, by)).rejects.toMatchObject({ code: 'not-found' })
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('an incident without any evidence still gives a package that says so', async () => {
  const row = await buildToEnd(packages, 'INC-2')
  const bytes = await bytesOf(row.id)

  expect(await verify(bytes)).toMatchObject({ ok: true, recordsProven: 0 })
  expect(text(filesOf(bytes), payloadFiles.letterText)).toContain('No finding is part of this incident.')
  expect(text(filesOf(bytes), tagFiles.info)).toContain('External-Identifier: INC-2 / P-1')
})
