import type { ObservableType } from '@tidewaiter/protocol/api'
import { parse } from 'tldts'
import { mostValue, normalValue } from '../../index/normal-value.ts'
import { refang } from './refang.ts'

/** A value of which nobody said what it is, and what it looks like. */
export interface Guess {
  type: ObservableType
  value: string
  /** What was left out to get at the value, or what else it may be. */
  warns?: string
}

const hashes: Record<number, ObservableType> = { 32: 'md5', 40: 'sha1', 64: 'sha256' }
/** Names that are in use without being in the list of public suffixes (RFC 6761, RFC 6762, RFC 7686, RFC 9476). */
const specialSuffix = /\.(?:alt|arpa|example|home|internal|intranet|invalid|lan|local|localhost|corp|onion|test)$/i

export const hashTypes: ReadonlySet<ObservableType> = new Set(['sha256', 'sha1', 'md5'])
/** What is told from any other word wherever it stands; names of files and folders are not. */
export const strongTypes: ReadonlySet<ObservableType> = new Set(['ip', 'cidr', 'url', 'domain', 'email', ...hashTypes])

/** Room for the marks of a defanged value. */
const mostText = 2 * mostValue

/** Finds out what a value is, defanged or not. Undefined when it could be anything. */
export function guess(text: string): Guess | undefined {
  const value = text.length > mostText ? '' : refang(text)
  if (value === '') return undefined
  const hash = hashes[value.length]
  if (hash !== undefined && normalValue(hash, value) !== undefined) return { type: hash, value }
  if (normalValue('url', value) !== undefined) return { type: 'url', value }
  return guessAddress(value) ?? guessPath(value) ?? guessName(value)
}

function guessAddress(value: string): Guess | undefined {
  if (normalValue('ip', value) !== undefined) return { type: 'ip', value }
  if (normalValue('cidr', value) !== undefined) return { type: 'cidr', value }
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:|/\s]+))[:|](\d{1,5})$/i.exec(value) ?? []
  const host = bracketed ?? plain
  if (host === undefined || normalValue('port', port ?? '') === undefined) return undefined
  const warns = `The port ${port} is left out: addresses and names are compared without it.`
  if (normalValue('ip', host) !== undefined) return { type: 'ip', value: host, warns }
  return isName(host) ? { type: 'domain', value: host, warns } : undefined
}

function guessPath(value: string): Guess | undefined {
  if (/^(?:\/[^/\s]|[a-z]:\\|\\\\[^\\]|%[a-z]+%\\|~\/)/i.test(value)) return { type: 'file-path', value }
  return undefined
}

function guessName(value: string): Guess | undefined {
  if (normalValue('email', value) !== undefined) return { type: 'email', value }
  if (isName(value)) {
    const warns = `Taken for a domain. If a file is meant, write file-name:${value.slice(0, 100)}.`
    return { type: 'domain', value, ...(eitherSuffix.test(value) && { warns }) }
  }
  const withPath = /^([^/\s:@]+)\//.exec(value)?.[1]
  if (withPath !== undefined && (isName(withPath) || normalValue('ip', withPath) !== undefined))
    return { type: 'url', value: `http://${value}`, warns: 'It has no scheme: http is taken.' }
  return fileSuffix.test(value) && normalValue('file-name', value) !== undefined
    ? { type: 'file-name', value }
    : undefined
}

/**
 * What a name must end in to be taken for that of a file. Any other last part may as well be a domain outside the
 * public ones (`.bit`, `.bazar`), and taken for a file it would never be sighted.
 */
const fileSuffix =
  /^[^\s:*?"<>|]+\.(?:7z|apk|asp|aspx|bat|bin|bmp|cab|chm|cmd|conf|cpl|csv|dat|db|dll|dmg|doc|docm|docx|dmp|dylib|elf|eml|exe|gif|gz|hta|htm|html|img|ini|iso|jar|jpeg|jpg|js|jse|json|jsp|jspx|ko|lnk|log|msg|msi|ocx|one|pdf|php|pif|png|ppt|pptm|pptx|ps1|psm1|rar|reg|rtf|scr|service|sqlite|sys|tar|tmp|txt|vbe|vbs|vhd|war|wsf|xlam|xll|xls|xlsb|xlsm|xlsx|xml|zip|zst)$/i
/** Both ends of names of files and top-level domains; a name with an underscore is rarely a domain. */
const eitherSuffix = /^[^.]+\.(?:cab|md|mov|ps|py|sh|so|zip)$/i
const fileLike = /^[^.]*_[^.]*\.(?:cab|md|mov|ps|py|sh|so|zip)$/i

function isName(value: string): boolean {
  const name = normalValue('domain', value)
  if (name === undefined || !name.includes('.') || fileLike.test(value)) return false
  return specialSuffix.test(name) || parse(name, { validateHostname: false }).isIcann === true
}
