import type { ObservableType } from '@tidewaiter/protocol/api'
import { normalValue } from '../../index/normal-value.ts'
import type { Equality } from './stix-pattern.ts'

/** Paths whose values hosts are asked for. Names of hashes are compared without case and dashes. */
const paths: ReadonlyMap<string, ObservableType> = new Map([
  ['ipv4-addr:value', 'ip'],
  ['ipv6-addr:value', 'ip'],
  ['network-traffic:dst_ref.value', 'ip'],
  ['network-traffic:src_ref.value', 'ip'],
  ['network-traffic:dst_port', 'port'],
  ['network-traffic:src_port', 'port'],
  ['domain-name:value', 'domain'],
  ['url:value', 'url'],
  ['email-addr:value', 'email'],
  ['email-message:from_ref.value', 'email'],
  ['email-message:sender_ref.value', 'email'],
  ['user-account:account_login', 'account'],
  ['user-account:user_id', 'account'],
  ['file:name', 'file-name'],
  ['process:image_ref.name', 'file-name'],
  ['process:binary_ref.name', 'file-name'],
  ['directory:path', 'file-path'],
  // Made of name and folder by `parsePattern`.
  ['file:path', 'file-path'],
])
const hashPath =
  /^(?:file|artifact|process:image_ref|process:binary_ref|file:content_ref|email-message:raw_email_ref)[:.]hashes\.(.+)$/

/** Undefined for a path of which no host says anything. */
export function toValue({ path, value }: Equality): { type: ObservableType; value: string } | undefined {
  const hash = hashPath.exec(path)?.[1]?.toLowerCase().replaceAll(/[-_]/g, '')
  if (hash === 'sha256' || hash === 'sha1' || hash === 'md5') return { type: hash, value }
  const type = paths.get(path)
  if (type !== 'ip' && type !== 'domain') return type === undefined ? undefined : { type, value }
  // Real bundles give networks, and addresses as domain names.
  if (normalValue('cidr', value) !== undefined) return { type: 'cidr', value }
  return { type: normalValue('ip', value) === undefined ? 'domain' : 'ip', value }
}
