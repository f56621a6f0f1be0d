const zeekRow = (fields: object) =>
  JSON.stringify({
    ts: 1795700061.129055,
    uid: 'C1',
    'id.orig_h': '192.0.2.7',
    'id.orig_p': 50000,
    'id.resp_h': '198.51.100.9',
    'id.resp_p': 445,
    ...fields,
  })

/** Lines in the form of each program's documentation, by the decoder of their file: none of them was recorded. */
export const fromDocs: Readonly<Record<string, readonly string[]>> = {
  'sql-server': [
    '2026-11-26 08:01:00.00 Logon       Error: 18456, Severity: 14, State: 8.',
    "2026-11-26 08:01:00.00 Logon       Login failed for user 'ana'. Reason: Password did not match that for the login provided. [CLIENT: 192.0.2.7]",
    "2026-11-26 08:02:00.25 spid55      Configuration option 'xp_cmdshell' changed from 0 to 1. Run the RECONFIGURE statement to install.",
    '2026-11-26 08:03:00.00 Backup      Database backed up. Database: broker, creation date(time): 2026/01/02(03:04:05), pages dumped: 426, first LSN: 37:1:1, last LSN: 37:9:1, number of dump devices: 1, device information: (FILE=1, TYPE=DISK: {X}). This is an informational message only. No user action is required.',
  ],
  zeek: [
    zeekRow({
      _path: 'conn',
      proto: 'tcp',
      service: 'smb',
      duration: 1.5,
      orig_bytes: 7,
      resp_bytes: 9,
      conn_state: 'SF',
    }),
    zeekRow({ _path: 'ntlm', username: 'ana', domainname: 'BROKER', hostname: 'PC7', success: false }),
    zeekRow({
      _path: 'files',
      tx_hosts: ['198.51.100.9'],
      source: 'HTTP',
      filename: 'a.exe',
      seen_bytes: 9,
      md5: 'ab',
    }),
    zeekRow({
      _path: 'x509',
      'certificate.subject': 'CN=a.example',
      'certificate.not_valid_after': 1795700061,
      'certificate.key_length': '2048',
    }),
    zeekRow({ _path: 'smtp', mailfrom: 'ana@broker.example', rcptto: ['cbp@example.com'], subject: 'x', msg_id: 'y' }),
    zeekRow({ _path: 'smb_files', action: 'SMB::FILE_RENAME', path: '\\\\files1\\entries', name: 'a', prev_name: 'b' }),
    zeekRow({ _path: 'rdp', cookie: 'ana', result: 'Success' }),
    zeekRow({ _path: 'dce_rpc', named_pipe: 'svcctl', endpoint: 'svcctl', operation: 'CreateServiceW' }),
    '#separator \\x09',
    '#path\tssh',
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tauth_success',
    '1795700061.129055\tC1\t192.0.2.7\t50000\t198.51.100.9\t22\tF',
  ],
}
