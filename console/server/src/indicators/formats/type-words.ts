import type { ObservableType } from '@tidewaiter/protocol/api'

/** What feeds and threat platforms call the kinds of value, without case, spaces, dashes and underscores. */
const words: Record<ObservableType, string> = {
  ip: 'ip ipv4 ipv6 ipv4addr ipv6addr ipaddress ipdst ipsrc ipdstport ipsrcport ip:port address addr dstip srcip destip sourceip destinationip remoteip host hostip c2ip',
  cidr: 'cidr network netblock subnet iprange',
  domain: 'domain domainname hostname hostnameport fqdn dns dnsname dnsquestionname urldomain host sitename',
  url: 'url uri link urls fullurl urlfull urloriginal',
  sha256: 'sha256 filehashsha256 hashsha256 sha256hash filesha256',
  sha1: 'sha1 filehashsha1 hashsha1 sha1hash filesha1',
  md5: 'md5 filehashmd5 hashmd5 md5hash filemd5',
  email: 'email emailaddr emailaddress emailsrc emaildst mail sender from emailsender emailfromaddress',
  account: 'account user username useraccount login accountname',
  'file-name': 'filename file attachment processname',
  'file-path': 'filepath path fullpath imagepath',
  port: 'port dstport srcport',
}

const typeOf = new Map<string, ObservableType>()
for (const [type, text] of Object.entries(words) as [ObservableType, string][])
  for (const word of text.split(' ')) if (!typeOf.has(word)) typeOf.set(word, type)

/** `host` and the like may hold either; what the value looks like decides. */
const eitherAddressOrName = new Set(['host', 'address', 'hostip', 'c2ip', 'dns'])

/** Kinds that hosts say nothing of. Many look like others: an import hash is as long as an MD5 and never one. */
const unobserved = new Set(
  `asn authentihash autonomoussystem btc certificate cve extension hassh hasshserver imphash ja3 ja3s ja4 jarm mac
  macaddress mutex mutexname pdb pehash registry registrykey regkey regkeyvalue scheduledtask service servicename
  sha224 sha384 sha512 ssdeep task telfhash thumbprint tlsh useragent vhash windowsscheduledtask
  windowsservicename x509fingerprintmd5 x509fingerprintsha1 x509fingerprintsha256 yara`.split(/\s+/),
)

/** A type that was said; `guess` where it was left open; `unobserved` where no host can be asked for it. */
export type Named = ObservableType | 'guess' | 'unobserved'

/** What a word names; undefined for a word that names no kind of value. */
export function typeNamed(word: string): Named | undefined {
  const plain = word.toLowerCase().replaceAll(/[\s_.|()-]+/g, '')
  if (plain === 'hash' || plain === 'filehash' || eitherAddressOrName.has(plain)) return 'guess'
  return unobserved.has(plain) ? 'unobserved' : typeOf.get(plain)
}

/** Why a value of such a kind is left out. */
export function whyUnobserved(word: string): string {
  return `No host says anything of a value of kind ${word.trim().slice(0, 40)}.`
}
