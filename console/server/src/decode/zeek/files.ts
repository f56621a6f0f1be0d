import { toEnd } from '../address.ts'
import type { Event } from '../decoder.ts'
import { defined } from '../row.ts'
import { toInstant } from './to-instant.ts'
import type { Values } from './values.ts'

const adders: Readonly<Record<string, (event: Event, values: Values) => void>> = {
  files: addTransfer,
  smb_files: addShared,
  smb_mapping: addMapping,
  x509: addCertificate,
}

/** Logs of files and certificates that passed by, and of files on shares. */
export function addFile(event: Event, path: string, values: Values): boolean {
  const add = Object.hasOwn(adders, path) ? adders[path] : undefined
  add?.(event, values)
  return add !== undefined
}

function addTransfer(event: Event, values: Values): void {
  const [from, to] = [values.list('tx_hosts')[0], values.list('rx_hosts')[0]]
  event.source ??= from === undefined ? undefined : toEnd(from)
  event.destination ??= to === undefined ? undefined : toEnd(to)
  const hash = defined({ md5: values.text('md5'), sha1: values.text('sha1'), sha256: values.text('sha256') })
  const [seen, total] = [values.count('seen_bytes'), values.count('total_bytes')]
  const file = defined({
    name: values.text('filename'),
    mime_type: values.text('mime_type'),
    size: total ?? seen,
    hash,
  })
  event.event.category = ['network', 'file']
  event.event.action = 'file-seen'
  if (file !== undefined) event.file = file
  const protocol = values.text('source')
  if (protocol !== undefined)
    event.network = { ...(event.network as object | undefined), protocol: protocol.toLowerCase() }
  const uids = values.list('conn_uids')
  if (uids[0] !== undefined) event.tidewaiter.connection = uids[0]
}

const actions: Readonly<Record<string, { type: string; action: string }>> = {
  'SMB::FILE_OPEN': { type: 'access', action: 'file-opened' },
  'SMB::FILE_READ': { type: 'access', action: 'file-read' },
  'SMB::FILE_WRITE': { type: 'change', action: 'file-written' },
  'SMB::FILE_CLOSE': { type: 'access', action: 'file-closed' },
  'SMB::FILE_DELETE': { type: 'deletion', action: 'file-deleted' },
  'SMB::FILE_RENAME': { type: 'change', action: 'file-renamed' },
  'SMB::FILE_SET_ATTRIBUTE': { type: 'change', action: 'file-changed' },
}

function addShared(event: Event, values: Values): void {
  const said = values.text('action') ?? ''
  const known = Object.hasOwn(actions, said) ? actions[said] : undefined
  event.event.category = ['file', 'network']
  event.event.type = [known?.type ?? 'access']
  event.event.action = known?.action ?? said.toLowerCase()
  const [share, path] = [values.text('path'), values.text('name')]
  const time = (name: string) => toInstant(values.text(`times.${name}`) ?? values.text(`times_${name}`) ?? '')
  event.file = defined({
    path: share === undefined || path === undefined ? path : `${share}\\${path}`,
    name: path?.slice(path.lastIndexOf('\\') + 1),
    size: values.count('size'),
    mtime: time('modified'),
    accessed: time('accessed'),
    created: time('created'),
  })
  event.network = { ...(event.network as object | undefined), protocol: 'smb' }
  Object.assign(event.tidewaiter, defined({ share, previous_name: values.text('prev_name') }))
  event.tidewaiter.says = [known?.action, (event.file as { path?: string } | undefined)?.path].filter(Boolean).join(' ')
}

function addMapping(event: Event, values: Values): void {
  const share = values.text('path')
  event.event.type = ['access']
  event.event.action = 'share-connected'
  event.network = { ...(event.network as object | undefined), protocol: 'smb' }
  Object.assign(event.tidewaiter, defined({ share, share_type: values.text('share_type') }))
  if (share !== undefined) event.tidewaiter.says = share
}

/** A name such as `CN=rempel.group.net,O=Rempel Group,C=US`. */
function nameOf(distinguished: string | undefined): Record<string, unknown> | undefined {
  const common = /(?:^|,)CN=([^,]{1,255})/.exec(distinguished ?? '')?.[1]
  return defined({ distinguished_name: distinguished, common_name: common })
}

function addCertificate(event: Event, values: Values): void {
  const of = (name: string) => values.text(`certificate.${name}`)
  const [before, after] = [toInstant(of('not_valid_before') ?? ''), toInstant(of('not_valid_after') ?? '')]
  const names = values.list('san.dns')
  const size = Number(of('key_length') ?? Number.NaN)
  const fingerprint = values.text('fingerprint') ?? values.text('id')
  event.event.type = ['protocol', 'info']
  event.event.action = 'certificate-seen'
  event.file = defined({
    x509: defined({
      version_number: of('version'),
      serial_number: of('serial'),
      subject: nameOf(of('subject')),
      issuer: nameOf(of('issuer')),
      not_before: before,
      not_after: after,
      public_key_algorithm: of('key_alg'),
      signature_algorithm: of('sig_alg'),
      public_key_size: Number.isSafeInteger(size) ? size : undefined,
      alternative_names: names.length > 0 ? names : undefined,
    }),
  })
  if (fingerprint !== undefined) event.tidewaiter.fingerprint = fingerprint
}
