import type { webcrypto } from 'node:crypto'
import { hash } from 'node:crypto'
import { hostIdOf, serverNameOf } from '@tidewaiter/protocol'
import type { KeyCard } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { type HostCertificate, hostCertificate, readCsr, toCryptoKey } from './certificates.ts'
import { collectionPair, importPair } from './derived.ts'
import { type Folder, openFolder } from './folder.ts'
import { fingerprintOf, type KeyPair, newKeyPair, privatePem, publicPem, signWith } from './key-pair.ts'
import {
  type CardIndex,
  createMaterial,
  type Loaded,
  loadMaterial,
  materialNames,
  missingOf,
  newPackagePem,
  readMaterial,
} from './material.ts'
import { openRecovery, type Recovery, sealWithPassphrase } from './recovery.ts'
import { screensOf } from './screens.ts'
import type { Secrets } from './secrets.ts'

/** Keys that sign evidence: heads of the ledger, packages, batches of imported files. */
export type SigningKey = 'ledger' | 'package' | 'intake'

export interface PackageSigner {
  /** SHA-256 of the public key (SPKI), hex. */
  fingerprint: string
  /** PEM. */
  certificate: string
  /** ECDSA P-256 with SHA-256, DER. */
  sign(data: Uint8Array): Uint8Array
  /** The private key for WebCrypto, not extractable: what CMS needs. */
  cryptoKey(): Promise<webcrypto.CryptoKey>
}

/** Everything the console can prove itself with. One object for the life of the process. */
export interface Keys extends Secrets {
  /** The folder they live in: child processes read their secrets from it. */
  dir: string
  /** PEM. */
  caCertificate: string
  /** The pin in every enrolment token. */
  caFingerprint: string
  /** Key and certificate of the agent port, PEM, and the one name the certificate is for. */
  agentPort: { key: string; certificate: string; serverName: string }
  /** The key that signs packages now. A rotation changes nothing in what was given out before. */
  packageSigner(): PackageSigner
  /** SPKI, DER. */
  publicKey(name: SigningKey): Uint8Array
  /** Public halves that were in use before, newest last. */
  retired(name: SigningKey): { publicKey: Uint8Array; retiredAt: string }[]
  /** ECDSA P-256 with SHA-256, DER. */
  sign(name: SigningKey, data: Uint8Array): Uint8Array
  /** SPKI of the key that files are sealed with which were imported for a host of this name. */
  importKey(name: string): Uint8Array
  /**
   * Checks a certificate request (PKCS #10, DER) and names the host its key makes. Throws `csr-refused`.
   */
  readHostKey(csr: Uint8Array): Promise<{ hostId: string; publicKey: Uint8Array }>
  /** A certificate for one year. Throws `csr-refused`, also when the key of the request is not the host's. */
  issueHostCertificate(request: { csr: Uint8Array; hostId: string; nowMs: number }): Promise<HostCertificate>
  /** Certificate and key (PEM) of the screens for these addresses and names; the same at every start while it is good. */
  screens(names: readonly string[], nowMs: number): Promise<{ certificate: string; key: string }>
  cards(): KeyCard[]
  /** All private material as an age file under a passphrase. Throws `input-malformed` for one under 12 characters. */
  exportKeys(passphrase: string): Promise<Uint8Array>
  /** Puts a new pair in place; the old public half stays among the retired ones. */
  rotate(name: 'ledger' | 'package'): Promise<void>
  recovery: Pick<Recovery, 'waits' | 'recipient' | 'file'>
  /** The private half of the recovery pair, once; undefined when it was given out before. */
  takeRecoveryKey(): string | undefined
  /** Makes a new recovery pair, whose private half then waits for `takeRecoveryKey`. */
  renewRecovery(): Promise<void>
}

/**
 * Opens the keys folder, and fills it on first run, unless `mayCreate` is false: then there is something that its keys
 * opened. Throws `keys-damaged` when something is missing or unreadable: it never makes a new key in place of one that
 * evidence may depend on.
 */
export async function openKeys(
  dir: string,
  now: () => number = Date.now,
  { mayCreate = true }: { mayCreate?: boolean } = {},
): Promise<Keys> {
  const folder = openFolder(dir)
  const timed = { folder, at: () => new Date(now()).toISOString() }
  const at = timed.at()
  if (mayCreate && folder.read('creating') !== undefined)
    for (const name of [...materialNames, 'recovery.json', 'recovery.age']) folder.remove(name)
  const missing = missingOf(folder)
  if (missing.length === materialNames.length && mayCreate) await createMaterial(folder, at)
  else if (missing.length > 0) throw refuse('keys-damaged', `Missing in the keys folder ${dir}: ${missing.join(', ')}.`)
  const loaded = loadMaterial(folder)
  const recovery = await openRecovery(folder, () => readMaterial(folder), at)
  return assemble(timed, loaded, recovery)
}

interface Timed {
  folder: Folder
  at: () => string
}

function assemble({ folder, at }: Timed, keys: Loaded, recovery: Recovery): Keys {
  const issuer = { pair: keys.ca, certificate: keys.ca.certificate }
  const caFingerprint = fingerprintOf(keys.ca.publicKey)
  const inTurn = oneByOne()
  return {
    dir: folder.path,
    masterKey: keys.masterKey,
    indexKey: keys.indexKey,
    caCertificate: keys.ca.certificate,
    caFingerprint,
    agentPort: {
      key: privatePem(keys.agentPort),
      certificate: keys.agentPort.certificate,
      serverName: serverNameOf(caFingerprint),
    },
    packageSigner: () => signerOf(keys.package),
    publicKey: (name) => keys[name].publicKey,
    retired: (name) =>
      keys.index.retired
        .filter((old) => old.name === name)
        .map(({ publicKey, retiredAt }) => ({ publicKey: Buffer.from(publicKey, 'base64'), retiredAt })),
    sign: (name, data) => signWith(keys[name], data),
    importKey: (name) => importPair(keys.intake, name).publicKey,
    readHostKey,
    async issueHostCertificate({ csr, hostId, nowMs }) {
      const read = await readHostKey(csr)
      if (read.hostId !== hostId)
        throw refuse('csr-refused', 'The request is for another key than the one of the host.')
      return hostCertificate(issuer, { ...read, nowMs })
    },
    screens: (names, nowMs) => screensOf(folder, issuer, { names, nowMs }),
    cards: () => cards(keys, recovery),
    exportKeys: async (passphrase) => sealWithPassphrase(readMaterial(folder), passphrase),
    rotate: (name) =>
      inTurn(async () => {
        await rotate({ folder, keys, name, at: at() })
        await recovery.seal()
      }),
    recovery,
    takeRecoveryKey: () => recovery.take(at()),
    renewRecovery: () => inTurn(() => recovery.renew(at())),
  }
}

/** What changes the folder goes on alone: two rotations at once would keep only one of the old public halves. */
function oneByOne(): (act: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve()
  return (act) => {
    const own = last.then(act)
    last = own.catch(() => undefined)
    return own
  }
}

function signerOf(pair: Loaded['package']): PackageSigner {
  return {
    fingerprint: fingerprintOf(pair.publicKey),
    certificate: pair.certificate,
    sign: (data) => signWith(pair, data),
    cryptoKey: () => toCryptoKey(pair),
  }
}

async function readHostKey(csr: Uint8Array): Promise<{ hostId: string; publicKey: Uint8Array }> {
  const publicKey = await readCsr(csr)
  return { hostId: hostIdOf(hash('sha256', publicKey, 'buffer')), publicKey }
}

interface Rotation {
  folder: Folder
  keys: Loaded
  name: 'ledger' | 'package'
  at: string
}

/** First the old public half is kept, then the new pair takes its place: stopping in between loses neither. */
async function rotate({ folder, keys, name, at }: Rotation): Promise<void> {
  const publicKey = Buffer.from(keys[name].publicKey).toString('base64')
  const { tw, created, retired } = keys.index
  const index: CardIndex = {
    tw,
    created: { ...created, [name]: at },
    retired: [...retired.filter((old) => old.publicKey !== publicKey), { name, publicKey, retiredAt: at }],
  }
  folder.write('keys.json', `${JSON.stringify(index)}\n`)
  folder.write(`${name}.pem`, name === 'package' ? await newPackagePem() : privatePem(newKeyPair()))
  Object.assign(keys, loadMaterial(folder))
}

const uses: [keyof Loaded & ('ca' | 'agentPort' | SigningKey), string, string][] = [
  ['ca', 'ca', 'Issues the certificates of hosts. Its hash is the pin in every enrolment token.'],
  ['agentPort', 'agent-port', 'Proves to agents that they talk to this console.'],
  ['ledger', 'ledger', 'Signs the heads of the ledger that hosts seal into their batches.'],
  ['package', 'package', 'Signs evidence packages. Give this fingerprint to the SOC by phone.'],
  ['intake', 'intake', 'Seals what people bring in: mail, reports, imported files.'],
]

function cards(keys: Loaded, recovery: Recovery): KeyCard[] {
  const pairs = uses.map(([member, name, use]) => {
    const { publicKey }: KeyPair = keys[member]
    const createdAt = keys.index.created[name] ?? ''
    return { name, use, fingerprint: fingerprintOf(publicKey), publicKey: publicPem(publicKey), createdAt }
  })
  const ofAge = (name: string, publicKey: string, { use, createdAt }: { use: string; createdAt: string }): KeyCard => ({
    name,
    use,
    fingerprint: hash('sha256', publicKey),
    publicKey,
    createdAt,
  })
  return [
    ...pairs,
    ofAge('collection', collectionPair(keys.masterKey).recipient, {
      use: 'Opens what offline collections on hosts are encrypted to (tidewaiter-agent collect --encrypt-to).',
      createdAt: keys.index.created.intake ?? '',
    }),
    ofAge('recovery', recovery.recipient(), {
      use: 'Opens recovery.age, in which all keys lie. Its private half is given out once and kept away from here.',
      createdAt: recovery.createdAt(),
    }),
  ]
}
