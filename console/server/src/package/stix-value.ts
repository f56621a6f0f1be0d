import type { ObservableType } from '@tidewaiter/protocol/api'
import { observableId } from './stix-id.ts'

/** A value as STIX 2.1 writes it: the pattern that finds it and, where STIX has one, the observable it is. */

interface Typed {
  type: ObservableType
  value: string
}

type StixObject = Record<string, unknown> & { type: string; id: string }

const hashNames: Partial<Record<ObservableType, string>> = { sha256: 'SHA-256', sha1: 'SHA-1', md5: 'MD5' }

function addressType(value: string): 'ipv4-addr' | 'ipv6-addr' {
  return value.includes(':') ? 'ipv6-addr' : 'ipv4-addr'
}

/** Folder and name of a path of either kind of system. */
function splitPath(path: string): { folder: string; name: string } {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return { folder: at > 0 ? path.slice(0, at) : path.slice(0, at + 1), name: path.slice(at + 1) }
}

/** STIX Patterning, 7.1: a string literal. */
function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

const patterns: Record<ObservableType, (value: string) => string> = {
  ip: (value) => `${addressType(value)}:value = ${literal(value)}`,
  cidr: (value) => `${addressType(value)}:value ISSUBSET ${literal(value)}`,
  domain: (value) => `domain-name:value = ${literal(value)}`,
  url: (value) => `url:value = ${literal(value)}`,
  sha256: (value) => `file:hashes.'SHA-256' = ${literal(value)}`,
  sha1: (value) => `file:hashes.'SHA-1' = ${literal(value)}`,
  md5: (value) => `file:hashes.MD5 = ${literal(value)}`,
  email: (value) => `email-addr:value = ${literal(value)}`,
  account: (value) => `user-account:account_login = ${literal(value)}`,
  'file-name': (value) => `file:name = ${literal(value)}`,
  'file-path': (value) => {
    const { folder, name } = splitPath(value)
    return `file:name = ${literal(name)} AND file:parent_directory_ref.path = ${literal(folder)}`
  },
  port: (value) => `network-traffic:dst_port = ${Number(value)}`,
}

export function patternOf({ type, value }: Typed): string {
  return `[${patterns[type](value)}]`
}

/** The observable and what it refers to, itself first. Empty for a bare port: STIX asks for an address beside it. */
export function observableObjects({ type, value }: Typed): StixObject[] {
  const hashName = hashNames[type]
  if (hashName !== undefined) return [observable('file', { hashes: { [hashName]: value } })]
  switch (type) {
    case 'ip':
    case 'cidr':
      return [observable(addressType(value), { value })]
    case 'domain':
      return [observable('domain-name', { value })]
    case 'url':
      return [observable('url', { value })]
    case 'email':
      return [observable('email-addr', { value })]
    case 'account':
      return [observable('user-account', { account_login: value })]
    case 'file-name':
      return [observable('file', { name: value })]
    case 'file-path': {
      const { folder, name } = splitPath(value)
      const directory = observable('directory', { path: folder })
      return [observable('file', { name, parent_directory_ref: directory.id }), directory]
    }
    default:
      return []
  }
}

function observable(type: string, properties: Record<string, unknown>): StixObject {
  return { type, spec_version: '2.1', id: observableId(type, properties), ...properties }
}
