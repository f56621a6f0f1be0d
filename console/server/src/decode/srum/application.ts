import { structureOf } from '../structure.ts'
import type { Row } from './row.ts'

/** What an id of the other tables stands for: a program, a service, a package of the store, or an account. */
export interface Identity {
  /** As it is written; of an account its SID. */
  text: string
  is: 'program' | 'service' | 'package' | 'account'
  /** Record of the page that says so. */
  record: string
}

/** IdType of SruDbIdMapTable (Velociraptor and other readers of SRUM agree on it; seen so in the samples). */
const kinds: Readonly<Record<number, Identity['is']>> = { 0: 'program', 1: 'service', 2: 'package', 3: 'account' }

/** Paths and names of the samples take at most 200. */
const mostCharacters = 1024

/** Undefined for ids that stand for nothing: the first ones of a database do. */
export function identityOf(row: Row, record: string): { index: number; identity: Identity } | undefined {
  const [kind, index, blob] = [row.get('IdType'), row.get('IdIndex'), row.get('IdBlob')]
  const is = typeof kind === 'number' ? kinds[kind] : undefined
  if (is === undefined || typeof index !== 'number' || !(blob instanceof Uint8Array)) return undefined
  const bytes = structureOf(blob)
  const text = is === 'account' ? (blob.length < 8 ? '' : bytes.sid(0)) : bytes.wideToNul(0).slice(0, mostCharacters)
  return text === '' ? undefined : { index, identity: { text, is, record } }
}

/** The program of an identity, as far as it is told. */
export interface Program {
  /** Path below the device of its volume. */
  executable?: string
  name?: string
  service?: string
  package?: string
}

/**
 * A program is written as its path and the service it ran, as `!!name!time and size!services`, or as a bare name; a
 * package as its name, or as `package!application!name!time and size!`.
 */
export function programOf({ text, is }: Identity): Program {
  if (is === 'account') return {}
  if (is === 'service') return { service: text }
  const services = Array.from(text.matchAll(/\[([^\]]*)\]/g), ([, name = '']) => name)
  const service = services.at(-1)
  const ran = service === undefined ? {} : { service }
  if (text.startsWith('\\')) {
    const executable = text.replace(/(?: ?\[[^\]]*\])+$/, '')
    return { executable, name: executable.slice(executable.lastIndexOf('\\') + 1), ...ran }
  }
  const [first = '', , third = ''] = text.split('!')
  if (text.startsWith('!!')) return { ...(third !== '' && { name: third }), ...ran }
  if (is === 'package') return { package: first, ...(third !== '' && { name: third }) }
  return { name: text }
}
