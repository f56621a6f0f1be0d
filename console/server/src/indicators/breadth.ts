import type { ObservableType } from '@tidewaiter/protocol/api'
import ipaddr from 'ipaddr.js'
import { getPublicSuffix, parse } from 'tldts'
import { hostOfUrl } from '../index/normal-value.ts'

/** Why an indicator would be sighted where nothing is wrong. `refused`: it would be sighted nearly everywhere. */
export interface Breadth {
  why: string
  refused?: true
}

/** Judges how much a value (in its normal form) would meet; undefined when it is narrow enough. */
export function breadthOf(type: ObservableType, value: string): Breadth | undefined {
  return judges[type]?.(value)
}

const judges: Partial<Record<ObservableType, (value: string) => Breadth | undefined>> = {
  ip: addressBreadth,
  cidr: networkBreadth,
  domain: domainBreadth,
  url(value) {
    const { pathname, search } = new URL(value)
    const host = hostOfUrl(value)
    return pathname.length <= 1 && search === '' && host?.type === 'domain' ? domainBreadth(host.value) : undefined
  },
  sha256: hashBreadth,
  sha1: hashBreadth,
  md5: hashBreadth,
  email: (value) =>
    commonDomains.has(value.slice(value.lastIndexOf('@') + 1)) && /^(no-?reply|support|info)@/.test(value)
      ? { why: 'This sender is used by a very common service.' }
      : undefined,
  account: (value) =>
    commonAccounts.has(value) ? { why: 'An account of this name exists on nearly every host.' } : undefined,
  'file-name': (value) =>
    commonFiles.has(value) ? { why: 'A file of this name belongs to the operating system.' } : undefined,
  port: () => ({ why: 'A port alone is met by every program that uses it.' }),
}

/** Addresses every host has: what it listens on, and itself. */
const everywhere: ReadonlySet<string> = new Set(['unspecified', 'loopback', 'broadcast'])

function addressBreadth(value: string): Breadth | undefined {
  if (publicResolvers.has(value)) return { why: 'This is a public name server that many hosts ask.' }
  const range = ipaddr.parse(value).range()
  if (everywhere.has(range)) return { why: `Every host has this address (${range}).`, refused: true }
  return range === 'unicast' ? undefined : { why: `This address is not a public one (${range}).` }
}

function networkBreadth(value: string): Breadth | undefined {
  const [address, bits] = ipaddr.parseCIDR(value)
  const [usual, least] = address.kind() === 'ipv4' ? [16, 8] : [32, 16]
  if (bits === 0) return { why: 'This is every address there is.', refused: true }
  if (bits < least) return { why: `A network of /${bits} is a large part of all addresses.`, refused: true }
  if (bits < usual)
    return { why: `A network of /${bits} is wider than a /${usual}: it holds many that have no part in it.` }
  const range = address.range()
  return range === 'unicast' ? undefined : { why: `This network is not a public one (${range}).` }
}

function domainBreadth(value: string): Breadth | undefined {
  if (!value.includes('.') && parse(value, { validateHostname: false }).isIcann !== true)
    return { why: 'A name without a dot is that of a machine in an office: many offices have one of that name.' }
  if (getPublicSuffix(value, { allowPrivateDomains: false, validateHostname: false }) === value)
    return { why: 'This is a public suffix: every name below it would be sighted.', refused: true }
  if (getPublicSuffix(value, { allowPrivateDomains: true, validateHostname: false }) === value)
    return { why: 'Below this name many who have nothing to do with each other hold names of their own.' }
  return commonDomains.has(value) ? { why: 'This is a very common domain.' } : undefined
}

function hashBreadth(value: string): Breadth | undefined {
  return hashesOfNothing.has(value)
    ? { why: 'This is the hash of an empty file: every host has one.', refused: true }
    : undefined
}

const hashesOfNothing = new Set([
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
])

const publicResolvers = new Set([
  '1.0.0.1',
  '1.1.1.1',
  '8.8.4.4',
  '8.8.8.8',
  '9.9.9.9',
  '149.112.112.112',
  '208.67.220.220',
  '208.67.222.222',
  '2001:4860:4860::8844',
  '2001:4860:4860::8888',
  '2606:4700:4700::1001',
  '2606:4700:4700::1111',
  '2620:fe::fe',
])

/** Domains that nearly every office talks to, and those of the trade's own authorities. */
const commonDomains = new Set(
  `adobe.com akamai.net akamaiedge.net amazon.com amazonaws.com apple.com azure.com bing.com cbp.gov cdn77.org
  cloudflare.com cloudfront.net debian.org dhs.gov digicert.com dropbox.com facebook.com fastly.net gmail.com
  github.com githubusercontent.com google.com googleapis.com gstatic.com hotmail.com icloud.com instagram.com
  letsencrypt.org linkedin.com live.com microsoft.com microsoftonline.com mozilla.org office.com office365.com
  outlook.com paypal.com salesforce.com sharepoint.com skype.com slack.com teams.microsoft.com ubuntu.com
  verisign.com whatsapp.com wikipedia.org windows.com windows.net windowsupdate.com yahoo.com youtube.com zoom.us`.split(
    /\s+/,
  ),
)

const commonAccounts = new Set(['admin', 'administrator', 'guest', 'nobody', 'postgres', 'root', 'system', 'www-data'])

const commonFiles = new Set(
  'bash chrome.exe cmd.exe cron explorer.exe java lsass.exe node powershell.exe python python3 rundll32.exe services.exe sh sshd sudo svchost.exe systemd winword.exe'.split(
    ' ',
  ),
)
