import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChunkMeter, toHex } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { openKeys } from '../keys/keys.ts'
import { openArtifacts } from '../ledger/artifacts.ts'
import { newSealingHost, type SealingHost } from '../ledger/host.fixture.ts'
import { newFolder, receivedAtMs } from '../ledger/ledger.fixture.ts'
import { openLedger } from '../ledger/open.ts'
import { setSettings } from '../store/settings.ts'
import { openStore } from '../store/store.ts'

const packageId = '11111111-2222-4333-8444-555555555555'

/** A data folder with everything a backup holds, whose console is not running. */
export async function newHouse({ batches = 30, segmentBytes = 200_000 } = {}) {
  const folder = newFolder()
  const data = join(folder, 'data')
  const keysDir = join(folder, 'keys')
  await mkdir(join(data, 'packages'), { recursive: true })
  const keys = await openKeys(keysDir)
  const recoveryKey = keys.takeRecoveryKey() ?? ''
  const ledger = await openLedger({ dir: join(data, 'ledger'), keys, now: () => receivedAtMs, segmentBytes })
  const hosts = [newSealingHost(), newSealingHost()]
  for (let i = 0; i < batches; i++) {
    const witness = ledger.size() === 0 ? null : ledger.head()
    const batch = (hosts[i % 2] as (typeof hosts)[0]).seal([`line ${i}`], { witness })
    await ledger.append(batch, { receivedAtMs: receivedAtMs + i, branch: null })
  }
  const { id, head } = ledger
  const signed = head()
  await ledger.close()
  const artifact = await holdArtifact(join(data, 'ledger'), keys.masterKey)
  await fillStore(join(data, 'console.db'), hosts)
  await writeFile(join(data, 'packages', `${packageId}.zip`), 'a package')
  await writeFile(join(data, 'packages', `${packageId}.json`), '{}')
  return { folder, data, keysDir, keys, recoveryKey, hosts, ledger: id, head: signed, packageId, artifact }
}

/** Its SHA-256. */
async function holdArtifact(dir: string, masterKey: Uint8Array): Promise<string> {
  const seed = new Uint8Array(32)
  const bytes = Buffer.from('an artifact')
  const meter = new ChunkMeter(nodePrimitives, seed)
  meter.add(bytes)
  const offer = { task: '018f2c6e-7b1a-7000-8000-0000000000aa', ...meter.end(), seed: toHex(seed) }
  const artifacts = openArtifacts({ dir, masterKey })
  await artifacts.begin(offer)
  await artifacts.append(offer, { number: 0, bytes })
  return offer.sha256
}

/** A row in each table that matters here. */
async function fillStore(file: string, hosts: readonly SealingHost[]): Promise<void> {
  const store = await openStore({ file })
  await setSettings(store, { zone: 'America/New_York' })
  await store
    .insertInto('person')
    .values({
      id: 'p',
      email: 'a@b.example',
      name: 'A',
      role: 'admin',
      password_hash: '',
      created_at: '',
      disabled_at: null,
    })
    .execute()
  await store
    .insertInto('host')
    .values(
      hosts.map(({ id: host, publicKey }) => ({
        id: host,
        name: 'desk',
        kind: 'agent' as const,
        os: '',
        platform: 'linux',
        public_key: Buffer.from(publicKey),
        agent: '',
        state: 'active' as const,
        enrolled_at: '2026-11-24T10:00:00.000Z',
      })),
    )
    .execute()
  await store
    .insertInto('token')
    .values({
      id: 't',
      secret_hash: '',
      label: '',
      uses: 5,
      created_at: '',
      created_by: '',
      expires_at: '2999-01-01T00:00:00.000Z',
    })
    .execute()
  await store
    .insertInto('session')
    .values({ id: 's', person: 'p', csrf: '', created_at: '', seen_at: '', expires_at: '' })
    .execute()
  await store
    .insertInto('package')
    .values({
      id: packageId,
      incident: 'INC-1',
      number: 1,
      profile: 'soc',
      disclose: 'records',
      tlp: 'AMBER',
      state: 'built',
      cut: '{}',
      file: 'x.zip',
      built_by: 'a',
      warnings: '[]',
    })
    .execute()
  await store.destroy()
}

export type House = Awaited<ReturnType<typeof newHouse>>
