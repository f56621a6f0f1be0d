import { domainToASCII } from 'node:url'
import type { ObservableType } from '@tidewaiter/protocol/api'
import ipaddr from 'ipaddr.js'
import { normalAddress } from './observable-key.ts'

/** Longest value, in characters, that is kept as an observable or taken as an indicator. */
export const mostValue = 2048

/**
 * The one spelling of a value: what observables are kept under and indicators are compared in. Undefined for what is
 * no value of this type.
 */
export function normalValue(type: ObservableType, text: string): string | undefined {
  if (text.length === 0 || text.length > mostValue) return undefined
  const value = normal[type](text)
  // A URL grows when its letters are escaped.
  return value !== undefined && value.length <= mostValue ? value : undefined
}

const normal: Record<ObservableType, (text: string) => string | undefined> = {
  ip: normalAddress,
  cidr: normalNetwork,
  domain: normalDomain,
  url: normalUrl,
  sha256: (text) => hex(text, 64),
  sha1: (text) => hex(text, 40),
  md5: (text) => hex(text, 32),
  email: normalEmail,
  account: (text) => text.trim().toLowerCase() || undefined,
  // Windows does not tell cases apart and a name alone does not say where it was.
  'file-name': (text) => (/[/\\]/.test(text) ? undefined : text.toLowerCase()),
  'file-path': (text) => (/^[a-z]:\\|^\\\\/i.test(text) ? text.toLowerCase() : text),
  port: (text) => (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535 ? text : undefined),
}

function hex(text: string, length: number): string | undefined {
  return text.length === length && /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : undefined
}

/** Host bits are cleared; a network of IPv4-mapped addresses is the IPv4 network it stands for. */
function normalNetwork(text: string): string | undefined {
  const [address = '', bits = '', ...rest] = text.split('/')
  const normalized = normalAddress(address)
  if (normalized === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined
  const mapped = address.includes(':') && !normalized.includes(':')
  const length = Number(bits) - (mapped ? 96 : 0)
  const parsed = ipaddr.parse(normalized)
  const bytes = parsed.toByteArray()
  if (length < 0 || length > bytes.length * 8) return undefined
  const network = bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, length - i * 8))) & 0xff)
  return `${normalAddress(ipaddr.fromByteArray(network).toString())}/${length}`
}

/** Underscores are common in names that are looked up, and refused by the host syntax of URLs. */
const plainDomain = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/

/** Lower case, international names in their ASCII form, no dot at the end. */
function normalDomain(text: string): string | undefined {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase()
  const ascii = isAscii.test(name) ? name : toAscii(name)
  if (!plainDomain.test(ascii)) return undefined
  // What ends in a number is an address or a version, never a name (URL standard, "ends in a number").
  return /(^|\.)(\d+|0x[0-9a-f]*)$/.test(ascii) ? undefined : ascii
}

const isAscii = /^[^\u0080-\uffff]*$/
/**
 * What `domainToASCII` ends at or drops, as it takes `evil.example/x` for `evil.example`; and a label that cannot be one,
 * since the time it takes grows with the square of its length.
 */
const noName = /[\s/\\?#%:@]|[^.\u3002\uff0e\uff61]{64}/

function toAscii(name: string): string {
  return name.length > 253 || noName.test(name) ? '' : domainToASCII(name)
}

function normalUrl(text: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? URL.parse(text) : null
  if (url === null || url.hostname === '') return undefined
  url.hash = ''
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  return url.href
}

function normalEmail(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at).toLowerCase()
  const domain = normalDomain(text.slice(at + 1))
  return at > 0 && at <= 64 && domain !== undefined && !/[\s@<>]/.test(local) ? `${local}@${domain}` : undefined
}

/** The address or name a URL in its normal form leads to. */
export function hostOfUrl(url: string): { type: 'ip' | 'domain'; value: string } | undefined {
  const { hostname } = new URL(url)
  const ip = normalAddress(hostname.replace(/^\[|\]$/g, ''))
  if (ip !== undefined) return { type: 'ip', value: ip }
  const domain = normalDomain(hostname)
  return domain === undefined ? undefined : { type: 'domain', value: domain }
}

/** Last part of a path of either kind of system; undefined for a folder. */
export function fileNameOf(path: string): string | undefined {
  return normalValue('file-name', path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1))
}
