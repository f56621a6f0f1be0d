import type { ConnectionOptions } from 'node:tls'
import type { Identity } from '../identity.ts'
import { privatePem } from '../identity.ts'

/** Whom to trust: one CA, one name, nothing else. */
export interface Trust {
  /** PEM. */
  ca: string
  serverName: string
}

/** Options of every connection but the first of an enrolment. The address never matters to TLS, the system's CAs never count. */
export function trusting({ ca, serverName }: Trust): ConnectionOptions {
  return { ca: [ca], servername: serverName, rejectUnauthorized: true, minVersion: 'TLSv1.3' }
}

export function mutual({ enrolment, key }: Identity): ConnectionOptions {
  return { ...trusting(enrolment), cert: enrolment.certificate, key: privatePem(key) }
}

/** Host and port of `wss://host:port`; an IPv6 address without its brackets. */
export function placeOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(address)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 443) }
}
