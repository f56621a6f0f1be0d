import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serverNameOf } from '@tidewaiter/protocol'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { refuse } from '../error.ts'
import { caCertificate, packageCertificate, serverCertificate } from './certificates.ts'
import type { Folder } from './folder.ts'
import { fingerprintOf, type KeyPair, newKeyPair, privatePem, readKeyPair } from './key-pair.ts'
import type { Material } from './recovery.ts'
import { parseSecret } from './secrets.ts'

/** Files of the keys folder that hold something private, and the card index. All are there, or the folder is damaged. */
export const materialNames = [
  'ca.pem',
  'agent-port.pem',
  'ledger.pem',
  'package.pem',
  'intake.pem',
  'master.key',
  'index.key',
  'keys.json',
] as const

const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+=*$' })
const CardIndex = Type.Object({
  tw: Type.Literal('keys/1'),
  /** When each pair was made. */
  created: Type.Record(Type.String(), Type.String()),
  /** Public halves (SPKI) that were in use before: what they signed can still be checked. */
  retired: Type.Array(Type.Object({ name: Type.String(), publicKey: Base64, retiredAt: Type.String() })),
})
export type CardIndex = Static<typeof CardIndex>

/** The keys as read from the folder. `certificate` is PEM. */
export interface Loaded {
  ca: KeyPair & { certificate: string }
  agentPort: KeyPair & { certificate: string }
  ledger: KeyPair
  package: KeyPair & { certificate: string }
  intake: KeyPair
  masterKey: Uint8Array
  indexKey: Uint8Array
  index: CardIndex
}

/** Makes everything once. The mark `creating` stays if we die in between: nothing of it was used then, and it is made anew. */
export async function createMaterial(folder: Folder, at: string): Promise<void> {
  folder.write('creating', `${at}\n`)
  const files = await newMaterial(at)
  for (const name of materialNames) folder.write(name, files[name])
  folder.remove('creating')
}

async function newMaterial(at: string): Promise<Record<(typeof materialNames)[number], string>> {
  const ca = newKeyPair()
  const agentPort = newKeyPair()
  const issuer = { pair: ca, certificate: await caCertificate(ca) }
  const serverName = serverNameOf(fingerprintOf(ca.publicKey))
  const names = ['ca', 'agent-port', 'ledger', 'package', 'intake']
  const index: CardIndex = { tw: 'keys/1', created: Object.fromEntries(names.map((name) => [name, at])), retired: [] }
  return {
    'ca.pem': privatePem(ca) + issuer.certificate,
    'agent-port.pem': privatePem(agentPort) + (await serverCertificate(issuer, agentPort.publicKey, serverName)),
    'ledger.pem': privatePem(newKeyPair()),
    'package.pem': await newPackagePem(),
    'intake.pem': privatePem(newKeyPair()),
    'master.key': `${randomBytes(32).toString('hex')}\n`,
    'index.key': `${randomBytes(32).toString('hex')}\n`,
    'keys.json': `${JSON.stringify(index)}\n`,
  }
}

export async function newPackagePem(): Promise<string> {
  const pair = newKeyPair()
  return privatePem(pair) + (await packageCertificate(pair))
}

/** Names of files that are missing. */
export function missingOf(folder: Folder): string[] {
  return materialNames.filter((name) => folder.read(name) === undefined)
}

/** True for a folder in which all keys of a console lie already. Makes nothing. */
export function hasMaterial(dir: string): boolean {
  return !existsSync(join(dir, 'creating')) && materialNames.every((name) => existsSync(join(dir, name)))
}

export function readMaterial(folder: Folder): Material {
  return Object.fromEntries(materialNames.map((name) => [name, readText(folder, name)]))
}

function readText(folder: Pick<Folder, 'path' | 'read'>, name: string): string {
  const bytes = folder.read(name)
  if (bytes === undefined) throw refuse('keys-damaged', `${name} is missing in the keys folder ${folder.path}.`)
  return bytes.toString()
}

/** Throws `keys-damaged` with the name of the file that cannot be read. */
export function loadMaterial(folder: Pick<Folder, 'path' | 'read'>): Loaded {
  const load = <T>(name: string, parse: (text: string) => T): T => {
    const text = readText(folder, name)
    try {
      return parse(text)
    } catch (cause) {
      throw refuse('keys-damaged', `${name} in the keys folder ${folder.path} cannot be read.`, { cause })
    }
  }
  return {
    ca: load('ca.pem', readWithCertificate),
    agentPort: load('agent-port.pem', readWithCertificate),
    ledger: load('ledger.pem', readKeyPair),
    package: load('package.pem', readWithCertificate),
    intake: load('intake.pem', readKeyPair),
    masterKey: load('master.key', parseSecret),
    indexKey: load('index.key', parseSecret),
    index: load('keys.json', readIndex),
  }
}

function readWithCertificate(pem: string): KeyPair & { certificate: string } {
  const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0]
  if (certificate === undefined) throw new TypeError('no certificate')
  return { ...readKeyPair(pem), certificate: `${certificate}\n` }
}

function readIndex(text: string): CardIndex {
  const value: unknown = JSON.parse(text)
  if (!Value.Check(CardIndex, value)) throw new TypeError('not of the known shape')
  return value
}
