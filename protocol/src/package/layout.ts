/** Files of a package and their names: `package-format.md` says what stands in each. */

/** Beside the payload, in the root of the bag. The first three are listed in the tag manifest, the manifest itself is signed. */
export const tagFiles = {
  declaration: 'bagit.txt',
  info: 'bag-info.txt',
  manifest: 'manifest-sha256.txt',
  tagManifest: 'tagmanifest-sha256.txt',
  signature: 'tagmanifest-sha256.txt.sig',
  cms: 'tagmanifest-sha256.txt.p7s',
  publicKey: 'signer-pub.pem',
  certificate: 'signer-cert.pem',
} as const

/** What every package holds for its readers, whatever happened. */
export const payloadFiles = {
  readme: 'data/00_README.txt',
  letterHtml: 'data/10_letter.html',
  letterText: 'data/10_letter.txt',
  summary: 'data/20_incident_summary.json',
  indicatorsCsv: 'data/30_iocs.csv',
  indicatorsStix: 'data/30_iocs.stix.json',
  timeline: 'data/40_timeline.csv',
  ledger: 'data/65_ledger/ledger.json',
  actions: 'data/70_actions.ndjson',
  custody: 'data/70_custody.csv',
  coverage: 'data/75_coverage.csv',
} as const

/** What packages of this version hold beside that. */
export const laterFiles = {
  resources: 'data/76_resources.csv',
} as const

/** Files of one host whose records are disclosed; each of them is there. */
export const hostFiles = {
  headers: 'headers.ndjson',
  card: 'host.json',
  table: 'records.csv',
  records: 'records.ndjson',
} as const

export function hostFile(host: string, file: keyof typeof hostFiles): string {
  return `data/60_hosts/${host}/${hostFiles[file]}`
}

export function filesOfHost(host: string): string[] {
  return Object.values(hostFiles).map((file) => `data/60_hosts/${host}/${file}`)
}

/** The host a path belongs to; undefined for any other path. */
export function hostOf(path: string): string | undefined {
  const [, host, file] = /^data\/60_hosts\/([0-9a-f]{32})\/([a-z.]+)$/.exec(path) ?? []
  return Object.values<string | undefined>(hostFiles).includes(file) ? host : undefined
}

export function isPayloadPath(path: string): boolean {
  const fixed = [...Object.values<string>(payloadFiles), ...Object.values<string>(laterFiles)]
  return fixed.includes(path) || hostOf(path) !== undefined
}

const part = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
/** Windows takes these for devices, with whatever extension. */
const device = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i

/** True for a name that every file system takes as it stands and that leads nowhere else. */
export function isSafeName(name: string): boolean {
  return name.split('/').every((text) => part.test(text) && !text.endsWith('.') && !device.test(text))
}

/** What is not allowed in a list of names: they ascend strictly, so that none stands twice, and no two differ in case only. */
export function firstNameBreak(names: readonly string[]): string | undefined {
  const folded = new Set<string>()
  let before = ''
  for (const name of names) {
    if (!isSafeName(name)) return `${name}: not a name a package may hold`
    if (name <= before) return `${name}: stands ${name === before ? 'twice' : `behind ${before}, out of order`}`
    if (folded.has(name.toLowerCase())) return `${name}: differs from another name in case only`
    folded.add(name.toLowerCase())
    before = name
  }
  return undefined
}
