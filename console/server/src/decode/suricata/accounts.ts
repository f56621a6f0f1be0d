import type { Message } from '../decoder.ts'
import { defined, isRow, type Row, rowIn, textIn } from '../row.ts'
import { meanings } from '../sentence.ts'

/** Protocols in which an account may sign in: SMB, Kerberos, VNC, FTP, and RDP, which only names one. */
export function readAccount(part: Row, row: Row): Partial<Message> {
  if (part === row.smb) return readSmb(part)
  if (part === row.krb5) return readKerberos(part)
  if (part === row.rfb) return readVnc(part)
  if (part === row.ftp) return readFtp(part)
  const cookie = textIn(part, 'cookie')
  return {
    event: { category: ['network'], type: ['protocol', 'connection'], action: 'rdp-connection' },
    ...(cookie !== undefined && { tidewaiter: { cookie } }),
  }
}

const signIns: Readonly<Record<string, Message['event']>> = {
  STATUS_SUCCESS: meanings.signedIn,
  STATUS_MORE_PROCESSING_REQUIRED: meanings.undecided,
}

function readSmb(smb: Row): Partial<Message> {
  const [command, status, path] = [textIn(smb, 'command'), textIn(smb, 'status'), textIn(smb, 'filename')]
  const account = rowIn(smb, 'ntlmssp')
  const [name, domain] = [textIn(account, 'user'), textIn(account, 'domain')]
  const own = defined({
    command,
    status,
    share: textIn(smb, 'share'),
    workstation: textIn(account, 'host'),
    dialect: textIn(smb, 'dialect'),
  })
  const isSignIn = isRow(smb.ntlmssp) && command?.includes('SESSION_SETUP') === true && status !== undefined
  return {
    event: isSignIn
      ? withNetwork(signInOf(status))
      : { category: ['network'], type: ['protocol'], action: 'smb-command' },
    ...(name !== undefined && { user: { name, ...(domain !== undefined && { domain }) } }),
    ...(path !== undefined && { file: { path, name: path.slice(path.lastIndexOf('\\') + 1) } }),
    ...(own !== undefined && { tidewaiter: own }),
  }
}

function signInOf(status: string): Message['event'] {
  const known = Object.hasOwn(signIns, status) ? signIns[status] : undefined
  return known ?? { ...meanings.notSignedIn, reason: status }
}

function withNetwork(event: Message['event']): Message['event'] {
  return { ...event, category: [...(event.category ?? []), 'network'] }
}

/** A first request without a password is refused by design (RFC 4120, 3.1.3). */
function readKerberos(krb5: Row): Partial<Message> {
  const [kind, error, client] = [textIn(krb5, 'msg_type'), textIn(krb5, 'error_code'), textIn(krb5, 'cname')]
  const [realm, request] = [textIn(krb5, 'realm'), textIn(krb5, 'failed_request')]
  const isTicket = kind?.includes('TGS') === true || request?.includes('TGS') === true
  const ended = error === undefined ? meanings.signedIn : meanings.notSignedIn
  const signIn = error === 'KDC_ERR_PREAUTH_REQUIRED' ? meanings.undecided : ended
  const event: Message['event'] = isTicket ? { ...ended, type: ['info'], action: 'ticket-requested' } : signIn
  const own = defined({ request: kind, service: textIn(krb5, 'sname'), cipher: textIn(krb5, 'encryption') })
  const hasName = client !== undefined && client !== '<empty>'
  return {
    event: { ...withNetwork(event), ...(error !== undefined && { reason: error }) },
    ...(hasName && { user: { name: client, ...(realm !== undefined && realm !== '<empty>' && { domain: realm }) } }),
    ...(own !== undefined && { tidewaiter: own }),
  }
}

function readVnc(rfb: Row): Partial<Message> {
  const result = textIn(rowIn(rfb, 'authentication'), 'security_result')
  if (result === undefined) return { event: { category: ['network'], type: ['protocol'], action: 'vnc-handshake' } }
  return { event: withNetwork(result === 'OK' ? meanings.signedIn : meanings.notSignedIn) }
}

/** Replies to the password (RFC 959, 5.4): 230 lets in, 530 does not. The password itself is not kept. */
function readFtp(ftp: Row): Partial<Message> {
  const [command, argument] = [textIn(ftp, 'command'), textIn(ftp, 'command_data')]
  const codes = Array.isArray(ftp.completion_code) ? ftp.completion_code : []
  const isSignIn = command === 'PASS' && (codes.includes('230') || codes.includes('530'))
  const own = defined({ command, argument: command === 'PASS' ? undefined : argument })
  const event = isSignIn
    ? withNetwork(codes.includes('230') ? meanings.signedIn : meanings.notSignedIn)
    : { category: ['network'], type: ['protocol'], action: 'ftp-command' }
  return {
    event,
    ...(command === 'USER' && argument !== undefined && { user: { name: argument } }),
    ...(own !== undefined && { tidewaiter: own }),
  }
}
