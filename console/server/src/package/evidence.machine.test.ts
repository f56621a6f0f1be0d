import { readFileSync } from 'node:fs'
import {
  type HeaderLine,
  hostFile,
  openBatch,
  type Proof,
  parseHeader,
  payloadFiles,
  saltBytes,
  tagFiles,
  toUtf8,
  verifyPackage,
} from '@tidewaiter/protocol'
import { browserPrimitives } from '@tidewaiter/protocol/browser'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fingerprintOf } from '../keys/key-pair.ts'
import { buildToEnd, by, openTestConsole, type TestConsole } from './package.fixture.ts'
import { openPackages, type Packages } from './packages.ts'
import { type Files, filesOf, foreignKeys, pack, problemsOf, resign, text, verify } from './repack.fixture.ts'

let console: TestConsole
let packages: Packages
let container: Buffer
let foreign: Awaited<ReturnType<typeof foreignKeys>>

beforeAll(async () => {
  console = await openTestConsole()
  packages = await openPackages(console.deps)
  container = await built(console, packages)
  foreign = await foreignKeys()
})

afterAll(async () => {
  await packages.close()
  await console.close()
  await foreign.remove()
})

async function built({ incident }: TestConsole, from: Packages): Promise<Buffer> {
  const row = await buildToEnd(from, incident)
  expect(row).toMatchObject({ state: 'built' })
  return readFileSync((await from.file(row.id, by)).path)
}

/** What is found when somebody changes files, lists them anew and signs with a key of his own. */
async function changed(change: (files: Files) => void): Promise<string[]> {
  const files = filesOf(container)
  change(files)
  return problemsOf(pack(await resign(files, foreign.keys)))
}

/** Changes a line of compact JSON, counted from 0. */
function changeLine<Line>(files: Files, path: string, number: number, change: (line: Line) => void): void {
  const lines = text(files, path).split('\n')
  const line = JSON.parse(lines[number] ?? '') as Line
  change(line)
  lines[number] = JSON.stringify(line)
  files.set(path, Buffer.from(lines.join('\n')))
}

describe('a package that somebody else signed', () => {
  test('is intact, its signer is not known without a fingerprint, and with one it is refused', async () => {
    const stranger = pack(await resign(filesOf(container), foreign.keys))
    const fingerprint = fingerprintOf(console.deps.keys.publicKey('package'))
    const foreignFingerprint = fingerprintOf(foreign.keys.publicKey('package'))

    expect(await verify(stranger)).toMatchObject({
      ok: true,
      signer: { fingerprint: foreignFingerprint, checked: false },
    })
    expect(await problemsOf(stranger, { fingerprint })).toEqual([
      `signer: signer-pub.pem: signed by the key ${foreignFingerprint}, not by ${fingerprint}`,
    ])
    expect(await verify(stranger, { fingerprint: foreignFingerprint })).toMatchObject({
      ok: true,
      signer: { checked: true },
    })
  })

  test('with the key, the certificate or the CMS of the real signer left in it is not intact', async () => {
    const real = filesOf(container)
    for (const path of [tagFiles.publicKey, tagFiles.certificate, tagFiles.cms, tagFiles.signature]) {
      const files = (await resign(filesOf(container), foreign.keys)).set(path, real.get(path)!)
      const problems = await problemsOf(pack(files))
      expect([path, problems]).toEqual([path, expect.arrayContaining([expect.stringContaining(`signature: `)])])
    }
  })
})

test('a fingerprint is taken as people write it, and one that is none is said to be none', async () => {
  const fingerprint = fingerprintOf(console.deps.keys.publicKey('package'))
  const inGroups = fingerprint.toUpperCase().replaceAll(/(.{4})/g, '$1 ')

  expect(await verify(container, { fingerprint: inGroups })).toMatchObject({
    ok: true,
    signer: { name: 'Halyard Customs Brokers, Inc.', fingerprint, checked: true },
  })
  expect(await problemsOf(container, { fingerprint: fingerprint.slice(0, 16) })).toEqual([
    'signer: the fingerprint given is not 64 hex digits',
  ])
})

describe('evidence changed by somebody who signs anew', () => {
  const host = () => console.hosts[0].id
  const records = () => hostFile(host(), 'records')
  const headers = () => hostFile(host(), 'headers')

  test('a record of which text, source, position, time or number is another one is named', async () => {
    const changes: ((proof: Proof) => void)[] = [
      (proof) => {
        proof.record = Buffer.from('nothing happened').toString('base64')
      },
      (proof) => {
        proof.chunk = proof.chunk.replace('/var/log/auth.log', '/var/log/another')
      },
      (proof) => {
        proof.chunk = proof.chunk.replace('2026-11-24T12', '2026-11-24T13')
      },
      (proof) => {
        proof.position += 1
      },
      (proof) => {
        proof.salt = '0'.repeat(saltBytes * 2)
      },
      (proof) => {
        proof.path.pop()
      },
    ]
    for (const change of changes)
      expect(await changed((files) => changeLine(files, records(), 1, change))).toContainEqual(
        expect.stringContaining(`records: ${host()}/2/4: `),
      )
    const setIndex = (proof: Proof) => {
      proof.index = 3
    }
    const moved = await changed((files) => changeLine(files, records(), 1, setIndex))
    expect(moved).toContainEqual(expect.stringContaining(`records: ${host()}/2/3: `))
    expect(moved).toContain(`citations: ${host()}/2/4: cited, and neither disclosed nor named as withheld`)
  })

  test('a record that is left out is missed, since it is cited', async () => {
    const problems = await changed((files) => {
      const lines = text(files, records()).split('\n')
      files.set(records(), Buffer.from([...lines.slice(0, 1), ...lines.slice(2)].join('\n')))
    })

    expect(problems).toEqual([`citations: ${host()}/2/4: cited, and neither disclosed nor named as withheld`])
  })

  test('a header that is left out, put elsewhere, or of another host is named', async () => {
    const without = await changed((files) => {
      const lines = text(files, headers()).split('\n')
      files.set(headers(), Buffer.from([...lines.slice(0, 2), ...lines.slice(3)].join('\n')))
    })
    const swapped = await changed((files) => {
      const [a, b, ...rest] = text(files, headers()).split('\n')
      files.set(headers(), Buffer.from([b, a, ...rest].join('\n')))
    })
    const foreignHeaders = await changed((files) =>
      files.set(headers(), files.get(hostFile(console.hosts[1].id, 'headers'))!),
    )

    expect(without.join('\n')).toContain('the batches 4 to 4 are missing, and host.json does not say so')
    expect(swapped.join('\n')).toContain('not in the order of the ledger')
    expect(foreignHeaders.join('\n')).toContain('signature-wrong')
  })

  test('a gap that is claimed where there is none is named', async () => {
    const problems = await changed((files) =>
      changeLine<{ gaps: unknown[] }>(files, hostFile(host(), 'card'), 0, ({ gaps }) => gaps.push({ from: 4, to: 4 })),
    )

    expect(problems.join('\n')).toContain('host.json names gaps that are none')
  })

  test('a time of receipt, a place in the ledger or a proof of it that is another one is named', async () => {
    const changes: ((line: HeaderLine) => void)[] = [
      (line) => {
        line.receivedAtMs -= 3_600_000
      },
      (line) => {
        line.inclusion = null
      },
      (line) => {
        line.consistency = null
      },
      (line) => {
        line.consistency = Buffer.alloc(64).toString('base64')
      },
    ]
    for (const change of changes)
      expect((await changed((files) => changeLine(files, headers(), 0, change))).join('\n')).toContain(
        `ledger: ${headers()} line 1 (${host()}/2): `,
      )
  })

  test('a ledger that became shorter, or whose key is another one, does not fit what the hosts saw', async () => {
    const shorter = { ...console.ledger }
    const head = shorter.head()
    const problems = await changed((files) =>
      changeLine<{ head: { head: string } }>(files, payloadFiles.ledger, 0, (card) => {
        card.head.head = head.head.replace('"size":16', '"size":9')
      }),
    )
    const otherKey = await changed((files) =>
      changeLine<{ keys: string[] }>(files, payloadFiles.ledger, 0, (card) => {
        card.keys = [Buffer.from(foreign.keys.publicKey('ledger')).toString('base64')]
      }),
    )

    expect(problems.join('\n')).toContain(`ledger: ${payloadFiles.ledger}: the head is not signed by the ledger key`)
    expect(otherKey.join('\n')).toContain(`ledger: ${payloadFiles.ledger}: the head is not signed by the ledger key`)
  })

  test('a host whose key is another one is not that host', async () => {
    const problems = await changed((files) =>
      changeLine<{ publicKey: string }>(files, hostFile(host(), 'card'), 0, (card) => {
        card.publicKey = Buffer.from(foreign.keys.publicKey('intake')).toString('base64')
      }),
    )

    expect(problems).toContainEqual(expect.stringContaining(`hosts: ${hostFile(host(), 'card')}: `))
  })

  test('an act that was changed or left out is named', async () => {
    const altered = await changed((files) =>
      changeLine<{ who: string }>(files, payloadFiles.actions, 4, (line) => {
        line.who = 'somebody.else@example'
      }),
    )
    const missing = await changed((files) => {
      const lines = text(files, payloadFiles.actions).split('\n')
      files.set(payloadFiles.actions, Buffer.from([...lines.slice(0, 3), ...lines.slice(4)].join('\n')))
    })

    expect(altered.join('\n')).toContain('act 5 is not the one its hash was made of')
    expect(missing.join('\n')).toContain('act 4 is missing')
  })

  test('lines that are no compact JSON, end early or are none at all are named', async () => {
    for (const [path, check] of [
      [records(), 'records'],
      [headers(), 'batches'],
      [payloadFiles.actions, 'actions'],
    ] as const) {
      const spaced = await changed((files) => files.set(path, Buffer.from(text(files, path).replace('{', '{ '))))
      const cut = await changed((files) => files.set(path, files.get(path)!.subarray(0, -5)))
      const junk = await changed((files) => files.set(path, Buffer.from([0xff, 0xfe, 0x0a])))
      for (const problems of [spaced, cut, junk])
        expect([path, problems.some((problem) => problem.startsWith(`${check}: `))]).toEqual([path, true])
    }
  })

  test('files that are too large to be read whole are refused, not read', async () => {
    const problems = await changed((files) => files.set(payloadFiles.ledger, Buffer.alloc(70_000, 0x20)))

    expect(problems.join('\n')).toContain('package-too-large')
  })
})

test('the same report comes from a browser', async () => {
  const source = {
    size: container.length,
    read: async (at: number, length: number) => new Uint8Array(container.subarray(at, at + length)),
  }
  const broken = Buffer.from(container)
  broken[broken.length >> 1]! ^= 1
  const brokenSource = { ...source, read: async (at: number, length: number) => broken.subarray(at, at + length) }

  expect(await verifyPackage(browserPrimitives, source)).toEqual(await verifyPackage(nodePrimitives, source))
  expect(await verifyPackage(browserPrimitives, brokenSource)).toEqual(
    await verifyPackage(nodePrimitives, brokenSource),
  )
})

test('progress reaches the end, and a verification can be stopped', async () => {
  const source = {
    size: container.length,
    read: async (at: number, length: number) => container.subarray(at, at + length),
  }
  const seen: number[] = []
  const stop = new AbortController()

  await verifyPackage(nodePrimitives, source, {
    onProgress: ({ doneBytes, ofBytes }) => seen.push(doneBytes / ofBytes),
  })
  const stopped = verifyPackage(nodePrimitives, source, { signal: stop.signal, onProgress: () => stop.abort() })

  expect(seen.at(-1)).toBe(1)
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
})

test('a source that gives fewer bytes at a time than asked gives the same report', async () => {
  const slow = {
    size: container.length,
    read: async (at: number, length: number) => container.subarray(at, at + Math.min(length, 7)),
  }

  expect(await verifyPackage(nodePrimitives, slow)).toEqual(await verify(container))
})

test('nothing of a record that is not cited is in the package, nor the seed that all salts come from', async () => {
  const [{ id }] = console.hosts
  const disclosed = filesOf(container).get(hostFile(id, 'records'))!.toString().trimEnd().split('\n')
  const salts = disclosed.map((line) => (JSON.parse(line) as Proof).salt)
  const whole = container.toString('latin1')

  expect(whole).toContain(Buffer.from('line 4 of batch 2').toString('base64'))
  for (const withheld of ['line 0 of batch 2', 'line 3 of batch 2', 'line 4 of batch 3']) {
    expect(whole).not.toContain(withheld)
    expect(whole).not.toContain(Buffer.from(withheld).toString('base64'))
  }
  expect(new Set(salts).size).toBe(3)
  const entry = (await console.ledger.find({ host: id, branch: null, seq: 2 }))!
  const header = parseHeader(entry.headerBytes)
  const { seed } = openBatch(nodePrimitives, { header, payload: await console.ledger.payload(entry.position) })
  for (const form of ['hex', 'base64'] as const) expect(whole).not.toContain(Buffer.from(seed).toString(form))
})

describe('a ledger with holes', () => {
  test('gaps, branches of forks, losses and records that cannot be disclosed are all named, and the package is intact', async () => {
    const other = await openTestConsole()
    const [host] = other.hosts
    const witness = other.ledger.head()
    const branch = other.ledger.add(
      host.seal(['the other past'], { seq: 5, prev: 'aa'.repeat(32), witness }),
      undefined,
    )
    branch.branch = branch.headerHash.slice(0, 8)
    const loss = { source: 'log-file:/x', count: 412, cause: 'spool full', from: by.at, to: by.at }
    other.ledger.add(host.seal(['after the gap'], { seq: 12, prev: 'bb'.repeat(32), lost: [loss], witness }))
    other.ledger.unreadable.add(4)
    const [finding] = other.findings
    finding?.records.push(`${host.id}~${branch.branch}/5/0`, `${host.id}/12/0`, `${host.id}/12/7`, `${host.id}/99/0`)
    finding?.records.push(`${host.id}/3/0`, 'no record at all')
    const from = await openPackages(other.deps)

    const withHoles = await built(other, from)

    const report = await verify(withHoles)
    const files = filesOf(withHoles)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.checks.find(({ name }) => name === 'batches')?.detail).toContain(
      '1 gap and 1 branch of forks, all named; 1 loss announced by the hosts (412 records counted)',
    )
    const summary = JSON.parse(text(files, payloadFiles.summary))
    expect(summary.withheld).toEqual([
      { record: `${host.id}/12/7`, why: 'its batch has no such record' },
      { record: `${host.id}/3/0`, why: 'its batch cannot be opened: the key of its segment is gone' },
      { record: `${host.id}/99/0`, why: 'the ledger does not hold its batch' },
    ])
    expect(summary.strange).toEqual(['no record at all'])
    expect(JSON.parse(text(files, hostFile(host.id, 'card')))).toMatchObject({
      span: { from: 2, to: 12 },
      gaps: [{ from: 9, to: 11 }],
    })
    expect(text(files, payloadFiles.letterText)).toContain('its batch cannot be opened')
    await from.close()
    await other.close()
  })

  test('a host that witnessed a longer ledger than the one of the cut proves that the past was changed', async () => {
    const other = await openTestConsole()
    const [host] = other.hosts
    const longer = { head: other.ledger.head().head.replace('"size":16', '"size":99'), signature: '' }
    longer.signature = Buffer.from(other.deps.keys.sign('ledger', toUtf8(longer.head))).toString('base64')
    other.ledger.add(host.seal(['late'], { witness: longer }))
    other.findings[0]?.records.push(`${host.id}/9/0`)
    const from = await openPackages(other.deps)

    const problems = await problemsOf(await built(other, from))

    expect(problems).toEqual([
      expect.stringContaining(
        'it witnesses a ledger of 99 entries that is not shown to be a beginning of the one of the cut (17)',
      ),
    ])
    await from.close()
    await other.close()
  })

  test('a host that witnesses a head nobody signed cannot spoil the package, and is counted', async () => {
    const other = await openTestConsole()
    const [host] = other.hosts
    other.ledger.add(host.seal(['a lie'], { witness: { head: 'junk', signature: '' } }))
    other.findings[0]?.records.push(`${host.id}/9/0`)
    const from = await openPackages(other.deps)

    const { ok, checks } = await verify(await built(other, from))

    expect(ok).toBe(true)
    expect(checks.find(({ name }) => name === 'ledger')?.detail).toContain(
      '1 header witnesses a head that this ledger did not sign',
    )
    await from.close()
    await other.close()
  })
})
