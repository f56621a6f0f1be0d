import type { DatagramProtocol, StreamProtocol } from '../protocol.ts'
import { bittorrentDatagrams, bittorrentStream } from './bittorrent.ts'
import { dcerpcDatagrams, dcerpcStream } from './dcerpc.ts'
import { dnsDatagrams, dnsStream } from './dns.ts'
import { dtls } from './dtls.ts'
import { greetingProtocols } from './greeting.ts'
import { http } from './http.ts'
import { ibmMq } from './ibm-mq.ts'
import { irc } from './irc.ts'
import { kerberosDatagrams, kerberosStream } from './kerberos.ts'
import { ldapDatagrams, ldapStream } from './ldap.ts'
import { mongodb } from './mongodb.ts'
import { mqtt } from './mqtt.ts'
import { mysql } from './mysql.ts'
import { ntp } from './ntp.ts'
import { oncRpcDatagrams, oncRpcStream } from './onc-rpc.ts'
import { postgresql } from './postgresql.ts'
import { quic } from './quic.ts'
import { rdp } from './rdp.ts'
import { redis } from './redis.ts'
import { rtsp, sipDatagrams, sipStream } from './sip.ts'
import { smb } from './smb.ts'
import { snmp } from './snmp.ts'
import { socks } from './socks.ts'
import { ssh } from './ssh.ts'
import { stunDatagrams, stunStream } from './stun.ts'
import { tds } from './tds.ts'
import { tftp } from './tftp.ts'
import { tls } from './tls.ts'
import { vnc } from './vnc.ts'

/** Asked in this order: what is cheap and common first. */
export const streamProtocols: readonly StreamProtocol[] = [
  tls,
  http,
  ssh,
  smb,
  rdp,
  dnsStream,
  kerberosStream,
  ldapStream,
  dcerpcStream,
  oncRpcStream,
  mysql,
  postgresql,
  tds,
  mongodb,
  vnc,
  bittorrentStream,
  ibmMq,
  mqtt,
  stunStream,
  rtsp,
  sipStream,
  redis,
  socks,
  ...greetingProtocols,
  irc,
]

export const datagramProtocols: readonly DatagramProtocol[] = [
  dnsDatagrams,
  quic,
  // Peers look for each other with STUN before they agree on keys.
  dtls,
  stunDatagrams,
  ntp,
  snmp,
  kerberosDatagrams,
  ldapDatagrams,
  sipDatagrams,
  oncRpcDatagrams,
  dcerpcDatagrams,
  tftp,
  bittorrentDatagrams,
]
