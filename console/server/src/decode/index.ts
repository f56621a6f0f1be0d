import type { ChunkHead, OpenChunk } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import { accounts } from './account/index.ts'
import { agent } from './agent/index.ts'
import { apache } from './apache/index.ts'
import { auditd } from './auditd/index.ts'
import { autoruns } from './autorun/index.ts'
import { browserHistory } from './browser-history/index.ts'
import { certificates } from './certificate/index.ts'
import { courier } from './courier/index.ts'
import { cron } from './cron/index.ts'
import { databaseCounters } from './database/index.ts'
import type { DatabaseDecoder } from './database.ts'
import type { DecodeRecord, Decoder, MessageDecoder } from './decoder.ts'
import { dovecot } from './dovecot/index.ts'
import { eventXml } from './event-xml/index.ts'
import { evtx } from './evtx/index.ts'
import { fileIntegrity } from './file-integrity/index.ts'
import { guacamole, guacamoleLog } from './guacamole/index.ts'
import { ibmMq, ibmMqMessages } from './ibm-mq/index.ts'
import { iis } from './iis/index.ts'
import { interfaces } from './interface/index.ts'
import { inventory } from './inventory/index.ts'
import { iptables } from './iptables/index.ts'
import { journald } from './journald/index.ts'
import { kernel } from './kernel/index.ts'
import { lastlog } from './lastlog/index.ts'
import { lastlog2 } from './lastlog2/index.ts'
import { macosInstallLog } from './macos-install-log/index.ts'
import { installMessages } from './macos-install-log/message.ts'
import { macosQuarantine } from './macos-quarantine/index.ts'
import { macosUnifiedLog } from './macos-unified-log/index.ts'
import { memory } from './memory/index.ts'
import { messageReader } from './message.ts'
import { mongodb, mongodbLog } from './mongodb/index.ts'
import { mysqlAudit, mysqlAuditMessages } from './mysql-audit/index.ts'
import { mysqlGeneral } from './mysql-general/index.ts'
import { mysqlSlow } from './mysql-slow/index.ts'
import { mysqld } from './mysqld/index.ts'
import { named } from './named/index.ts'
import { networkSettings } from './network-setting/index.ts'
import { nginx } from './nginx/index.ts'
import { openvpn } from './openvpn/index.ts'
import { messagesOf, ownLog } from './own-log.ts'
import { pam } from './pam/index.ts'
import { pcap } from './pcap/index.ts'
import { pf } from './pf/index.ts'
import { plist } from './plist/index.ts'
import { postfix } from './postfix/index.ts'
import { postgresql, postgresqlMessages } from './postgresql/index.ts'
import { prefetch } from './prefetch/index.ts'
import { processes } from './process/index.ts'
import { proftpd } from './proftpd/index.ts'
import { protection } from './protection/index.ts'
import { proxmox } from './proxmox/index.ts'
import { registry } from './registry/index.ts'
import { roundcube } from './roundcube/index.ts'
import { sambaAudit } from './samba-audit/index.ts'
import { scheduledTask } from './scheduled-task/index.ts'
import { screensharing } from './screensharing/index.ts'
import { shadow } from './shadow/index.ts'
import { shortcut } from './shortcut/index.ts'
import { snort } from './snort/index.ts'
import { sockets } from './socket/index.ts'
import { software } from './software/index.ts'
import { sqlServer, sqlServerMessages } from './sql-server/index.ts'
import { sqlite } from './sqlite/index.ts'
import { squid } from './squid/index.ts'
import { srum } from './srum/index.ts'
import { sshd } from './sshd/index.ts'
import { su } from './su/index.ts'
import { sudo } from './sudo/index.ts'
import { privilegedFiles } from './suid/index.ts'
import { suricata, suricataMessages } from './suricata/index.ts'
import { syslog } from './syslog/index.ts'
import { text } from './text/index.ts'
import { utmp } from './utmp/index.ts'
import { utx } from './utx/index.ts'
import { vaultwarden } from './vaultwarden/index.ts'
import { vsftpd } from './vsftpd/index.ts'
import { webAccess } from './web-access/index.ts'
import { windowsFirewall } from './windows-firewall/index.ts'
import { wtmpdb } from './wtmpdb/index.ts'
import { zeek } from './zeek/index.ts'

/** Services that write lines of their own, and the same into syslog and the journal where they are told to. */
const ownLogs = [
  apache,
  nginx,
  mysqld,
  named,
  roundcube,
  vaultwarden,
  vsftpd,
  openvpn,
  squid,
  guacamoleLog,
  mongodbLog,
  iptables,
  pf,
  sambaAudit,
]

/** Asked in this order; those for any program come last. */
export const messageDecoders: readonly MessageDecoder[] = [
  sshd,
  sudo,
  su,
  shadow,
  cron,
  postfix,
  dovecot,
  courier,
  proftpd,
  proxmox,
  screensharing,
  installMessages,
  postgresqlMessages,
  mysqlAuditMessages,
  sqlServerMessages,
  suricataMessages,
  ibmMqMessages,
  ...ownLogs.map(messagesOf),
  pam,
]

/** Asked in this order what a database holds. */
export const databaseDecoders: readonly DatabaseDecoder[] = [browserHistory, macosQuarantine, wtmpdb, lastlog2]

const readMessage = messageReader(messageDecoders)
const syslogLines = syslog(readMessage)

/**
 * Every format, in the order in which they are asked. A chunk goes to the first decoder that says by its head that it
 * reads it; only a log file that none knows by its name is looked into. A bare file goes to the first that finds its
 * content. Last is `text`, which takes everything.
 */
export const decoders: readonly Decoder[] = [
  journald(readMessage),
  pcap,
  utmp,
  utx,
  lastlog,
  evtx,
  sqlite(databaseDecoders),
  plist,
  eventXml,
  registry,
  prefetch,
  shortcut,
  scheduledTask,
  srum,
  processes,
  sockets,
  interfaces,
  databaseCounters,
  inventory,
  accounts,
  autoruns,
  software,
  kernel,
  networkSettings,
  protection,
  privilegedFiles,
  protection,
  certificates,
  fileIntegrity,
  memory,
  agent,
  macosUnifiedLog(readMessage),
  macosInstallLog(readMessage),
  auditd,
  iis,
  zeek,
  suricata,
  snort,
  windowsFirewall,
  postgresql,
  sqlServer,
  ibmMq,
  mysqlAudit,
  mysqlSlow,
  mysqlGeneral,
  guacamole(syslogLines),
  mongodb(syslogLines),
  ...ownLogs.filter((log) => log !== guacamoleLog && log !== mongodbLog).map((log) => ownLog(log, syslogLines)),
  webAccess,
  syslogLines,
  text,
]

/** The decoder of a chunk of an opened batch. */
export function decoderOfChunk({ head, bytes, starts, ends, count }: OpenChunk): Decoder {
  const from = starts[0] ?? 0
  return decoderOf(head, () => bytes.subarray(from, Math.min(ends[count - 1] ?? from, from + 65_536)))
}

/** Of a record alone, as of a chunk that holds only it. */
export function decoderOfRecord({ head, bytes }: Pick<DecodeRecord, 'head' | 'bytes'>): Decoder {
  return decoderOf(head, () => bytes.subarray(0, 65_536))
}

function decoderOf(head: ChunkHead, sample: () => Uint8Array): Decoder {
  const known = decoders.find((decoder) => decoder.reads(head)) ?? text
  if (known !== text || !head.source.startsWith('log-file:')) return known
  return decoderByContent(sample())
}

/** @param sample beginning of a file, up to 64 KiB */
export function decoderByContent(sample: Uint8Array): Decoder {
  return decoders.find((decoder) => decoder.detects(sample)) ?? text
}

/** Throws `input-malformed` for an id no decoder has. */
export function decoderById(id: string): Decoder {
  const decoder = decoders.find((candidate) => candidate.id === id)
  if (decoder !== undefined) return decoder
  throw refuse(
    'input-malformed',
    `There is no format ${id}. Known are ${decoders.map((known) => known.id).join(', ')}.`,
  )
}
