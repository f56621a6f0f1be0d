import { windowsRecords } from './windows-rows.from-docs.fixture.ts'

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

const eveRow = (type: string, fields: object) =>
  JSON.stringify({
    timestamp: '2026-11-26T13:34:21.129055+0000',
    flow_id: 1258832998001901,
    in_iface: 'eth0',
    event_type: type,
    src_ip: '192.0.2.7',
    src_port: 50000,
    dest_ip: '198.51.100.9',
    dest_port: 445,
    proto: 'TCP',
    ...fields,
  })

/** An entry of a queue manager of release 9. */
const mqEntry = (head: readonly string[], said: readonly string[]) => [
  '11/26/2026 08:34:21 AM - Process(740.36) User(mqm) Program(amqrmppa)',
  '                    Host(mq1) Installation(Installation1)',
  '                    VRMF(9.3.0.0) QMgr(QM1)',
  '                    Time(2026-11-26T13:34:21.129Z)',
  ...head.map((line) => `                    ${line}`),
  '                   ',
  ...said,
  'ACTION:',
  'Contact the systems administrator.',
  '----- amqrmrsa.c : 945 --------------------------------------------------------',
]

/** Lines in the form of each program's documentation, by the decoder of their file: none of them was recorded. */
export const fromDocs: Readonly<Record<string, readonly string[]>> = {
  ...windowsRecords,
  protection: [
    '{"kind":"volume","path":"/","type":"ext4","layers":[{"device":"dm-0","uuid":"CRYPT-LUKS2-0f-root"}]}',
    '{"kind":"guard-service","unit":"clamav-daemon.service","ActiveState":"active","SubState":"running"}',
    '{"kind":"definitions","path":"/var/lib/clamav/daily.cvd","mode":"0644","uid":0,"size":9,"header":"ClamAV-VDB:07 Nov 2026 08-21 -0500:27450:9:90:0:s:b:1794057660"}',
    '{"kind":"time-source","command":"timedatectl show","text":"NTPSynchronized=yes"}',
    '{"kind":"backup-trace","program":"borg","path":"/root/.cache/borg","newest":"2026-11-01T08:00:00.123456789Z"}',
  ],
  'sql-server': [
    '2026-11-26 08:01:00.00 Logon       Error: 18456, Severity: 14, State: 8.',
    "2026-11-26 08:01:00.00 Logon       Login failed for user 'ana'. Reason: Password did not match that for the login provided. [CLIENT: 192.0.2.7]",
    "2026-11-26 08:02:00.25 spid55      Configuration option 'xp_cmdshell' changed from 0 to 1. Run the RECONFIGURE statement to install.",
    '2026-11-26 08:03:00.00 Backup      Database backed up. Database: broker, creation date(time): 2026/01/02(03:04:05), pages dumped: 426, first LSN: 37:1:1, last LSN: 37:9:1, number of dump devices: 1, device information: (FILE=1, TYPE=DISK: {X}). This is an informational message only. No user action is required.',
  ],
  syslog: [
    'Nov 26 13:34:21 fw filterlog[7]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,54321,0,DF,6,tcp,60,192.0.2.7,198.51.100.9,52234,22,0,S,1234567,,1024,,mss',
    'Nov 26 13:34:21 fw filterlog[7]: 66,,,02f4bab031b57d1e30553ce08e0ec131,igb1,match,pass,out,6,0x00,0x00000,64,UDP,17,48,2001:db8::7,2001:db8::9,50000,53,48',
    'Nov 26 13:34:21 fw filterlog[7]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,54321,0,none,1,icmp,84,192.0.2.7,198.51.100.9,request,7,1',
    'Nov 26 13:34:21 fw filterlog[7]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64',
    'Nov 26 13:34:21 fw filterlog[7]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,54321,0,none,6,tcp,84,x,y,52234,22',
  ],
  'ibm-mq': [
    ...mqEntry(
      [
        'RemoteHost(192.0.2.7)',
        'CommentInsert1(APP.SVRCONN)',
        'CommentInsert2(192.0.2.7)',
        'CommentInsert3(CLNTUSER(ana) ADDRESS(pc7))',
      ],
      [
        'AMQ9777E: Channel was blocked',
        '',
        'EXPLANATION:',
        "The inbound channel 'APP.SVRCONN' was blocked from address '192.0.2.7' because",
        'the active values of the channel matched a record configured with',
        "USERSRC(NOACCESS). The active values of the channel were 'CLNTUSER(ana)",
        "ADDRESS(pc7)'.",
      ],
    ),
    ...mqEntry(
      ['RemoteHost(192.0.2.7)', 'CommentInsert1(ana)'],
      [
        "AMQ5534E: User ID 'ana' authentication failed",
        '',
        'EXPLANATION:',
        "The user ID and password supplied by the 'app' program could not be",
        'authenticated.',
      ],
    ),
    ...mqEntry(
      ['ArithInsert1(2) ArithInsert2(2035)', 'CommentInsert1(ana)'],
      [
        "AMQ9557E: Queue Manager User ID initialization failed for 'ana'.",
        '',
        'EXPLANATION:',
        "The call to initialize the User ID 'ana' failed with CompCode 2 and",
        'Reason 2035.',
      ],
    ),
    ...mqEntry(
      [],
      [
        "AMQ8077W: Entity 'ana' has insufficient authority to access object QM1 [qmgr].",
        '',
        'EXPLANATION:',
        'The specified entity is not authorized to access the required object.',
      ],
    ),
    ...mqEntry([], ["AMQ9002I: Channel 'TO.QM2' is starting.", '', 'EXPLANATION:', "Channel 'TO.QM2' is starting."]),
    ...mqEntry(
      [],
      [
        "AMQ9209E: Connection to host 'pc7 (192.0.2.7)' for channel 'APP.SVRCONN'",
        'closed.',
        '',
        'EXPLANATION:',
        'An error occurred.',
      ],
    ),
    '01/26/15 08:34:21 - Process(740.36) User(mqm) Program(amqrmppa)',
    '                    Host(mq1) Installation(Installation1)',
    '                    VRMF(8.0.0.2) QMgr(QM1)',
    '                   ',
    "AMQ9999: Channel 'TO.QM2' to host '198.51.100.9(1414)' ended abnormally.",
    '',
    'EXPLANATION:',
    "The channel program running under process ID 740 for channel 'TO.QM2' ended",
    'abnormally.',
    'ACTION:',
    'Look at previous error messages.',
    '-------------------------------------------------------------------------------',
    '{"ibm_messageId":"AMQ9209E","ibm_arithInsert1":0,"ibm_commentInsert1":"pc7 (192.0.2.7)","ibm_commentInsert3":"APP.SVRCONN","ibm_datetime":"2026-11-26T13:34:21.129Z","ibm_serverName":"QM1","type":"mq_log","host":"mq1","loglevel":"ERROR","module":"amqccita.c:4214","ibm_remoteHost":"192.0.2.7","ibm_processId":4927,"ibm_threadId":4,"ibm_version":"9.3.0.0","ibm_processName":"amqrmppa","ibm_userName":"mqm","ibm_installationName":"Installation1","message":"AMQ9209E: Connection to host \'pc7 (192.0.2.7)\' for channel \'APP.SVRCONN\' closed."}',
    "2026-11-26T13:34:21.129Z AMQ5534E: User ID 'ana' authentication failed [CommentInsert1(ana), CommentInsert2(app), CommentInsert3(Pipe returned 2035 [FAILED])]",
  ],
  suricata: [
    eveRow('dns', {
      dns: {
        version: 2,
        type: 'answer',
        id: 7,
        rrname: 'a.example',
        rrtype: 'A',
        rcode: 'NOERROR',
        answers: [{ rrname: 'a.example', rrtype: 'A', ttl: 60, rdata: '198.51.100.9' }],
      },
    }),
    eveRow('tls', {
      tls: {
        subject: 'CN=a.example',
        issuerdn: 'CN=ca.example',
        fingerprint: '4a:a3:4f:c7:0c:a3:4f:c7:0c:a3:4f:c7:0c:a3:4f:c7:0c:a3:4f:c7',
        sni: 'a.example',
        version: 'TLS 1.2',
        notbefore: '2026-01-01T00:00:00',
        notafter: '2027-01-01T00:00:00',
        ja3: { hash: 'e0fe397a5edfba9a6facc7c7b341f4eb' },
      },
    }),
    eveRow('http', {
      http: {
        hostname: 'a.example',
        url: '/a?b',
        http_user_agent: 'curl',
        http_method: 'GET',
        protocol: 'HTTP/1.1',
        status: 200,
        length: 9,
        http_port: 80,
      },
    }),
    eveRow('ssh', {
      ssh: {
        client: { proto_version: '2.0', software_version: 'OpenSSH_9.2' },
        server: { proto_version: '2.0', software_version: 'OpenSSH_9.2' },
      },
    }),
    eveRow('smb', {
      smb: {
        id: 3,
        dialect: '3.11',
        command: 'SMB2_COMMAND_SESSION_SETUP',
        status: 'STATUS_LOGON_FAILURE',
        status_code: '0xc000006d',
        ntlmssp: { domain: 'BROKER', user: 'ana', host: 'PC7' },
      },
    }),
    eveRow('fileinfo', {
      app_proto: 'http',
      fileinfo: { filename: '/x/a.exe', size: 9, state: 'CLOSED', md5: 'd41d8cd98f00b204e9800998ecf8427e' },
    }),
    eveRow('krb5', {
      krb5: {
        msg_type: 'KRB_ERROR',
        cname: 'ana',
        realm: 'BROKER',
        sname: 'krbtgt/BROKER',
        failed_request: 'KRB_AS_REQ',
        error_code: 'KDC_ERR_PREAUTH_FAILED',
      },
    }),
    eveRow('anomaly', {
      anomaly: { type: 'applayer', event: 'APPLAYER_DETECT_PROTOCOL_ONLY_ONE_DIRECTION', layer: 'proto_detect' },
    }),
    eveRow('drop', { drop: { len: 40, reason: 'rules' } }),
    eveRow('ftp', { ftp: { command: 'PASS', command_data: 'secret-one', completion_code: ['530'] } }),
    eveRow('smtp', {
      smtp: { helo: 'x', mail_from: '<ana@broker.example>', rcpt_to: ['<cbp@example.com>'] },
      email: { subject: 'x' },
    }),
    eveRow('flow', {
      flow: {
        pkts_toserver: 2,
        pkts_toclient: 1,
        bytes_toserver: 108,
        bytes_toclient: 54,
        start: '2026-11-26T13:34:20.000000+0000',
        end: '2026-11-26T13:34:21.000000+0000',
        state: 'closed',
        reason: 'timeout',
      },
    }),
    eveRow('mqtt', { mqtt: { connect: { client_id: 'x' } } }),
    '11/26/2026-08:34:21.129055  [Drop] [**] [1:2024468:3] ET WEB x [**] [Classification: Attempted User Privilege Gain] [Priority: 1] {TCP} 192.0.2.7:52812 -> 198.51.100.9:80',
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
