import { at } from './clock.ts'

/** One line of evidence of the worked incident, invented like the whole of it, and what a decoder makes of it. */
export interface Line {
  host: string
  source: string
  at: string
  text: string
  document: Record<string, unknown>
}

const auth = 'log-file:/var/log/auth.log'
const samba = 'log-file:/var/log/samba/audit.log'
const security = 'event-log:Security'

function line(host: string, source: string, when: string, text: string, document: Record<string, unknown>): Line {
  return { host, source, at: at(when), text, document }
}

const seconds = (start: string, plus: number) =>
  new Date(Date.parse(at(start)) + plus * 1000).toISOString().slice(5, 23).replace('T', ' ')

const failures = Array.from({ length: 11 }, (_, i) =>
  line(
    'hcb-abi01',
    auth,
    seconds('10-28 03:04:10', i * 6),
    `Oct 28 03:0${i < 9 ? 4 : 5}:10 hcb-abi01 sshd[21844]: Failed password for abiadmin from 192.0.2.112 port 515${14 + i} ssh2`,
    {
      message: `Failed password for abiadmin from 192.0.2.112`,
      'event.dataset': 'sshd',
      'event.category': ['authentication'],
      'event.outcome': 'failure',
      'user.name': 'abiadmin',
      'source.ip': '192.0.2.112',
      'service.name': 'sshd',
    },
  ),
)

const harvest = Array.from({ length: 4812 }, (_, i) => {
  const entry = `ZZZ-00104${20 + (i % 9)}-${i % 10}`
  const file = i % 130 === 2 ? 'poa_master.xlsx' : `2026/10/${entry}/7501.pdf`
  return line(
    'hcb-abi01',
    samba,
    seconds('10-28 03:22:03', Math.floor(i * 0.6)),
    `smbd_audit: abiadmin|192.0.2.112|entries|pread|ok|${file}`,
    {
      message: `${file} opened`,
      'event.dataset': 'samba',
      'event.category': ['file'],
      'event.action': 'pread',
      'file.path': file,
      'user.name': 'abiadmin',
      'source.ip': '192.0.2.112',
    },
  )
})

const socket = (host: string, when: string, from: string, to: string, more: Record<string, unknown> = {}) =>
  line(host, 'socket', when, JSON.stringify({ protocol: 'tcp', local: from, peer: to, state: 'ESTAB', ...more }), {
    message: `tcp ${from} to ${to}, established`,
    'event.dataset': 'socket',
    'event.category': ['network'],
    'network.transport': 'tcp',
    'source.ip': from.replace(/:\d+$/, ''),
    'source.port': Number(from.split(':').at(-1)),
    'destination.ip': to.replace(/:\d+$/, ''),
    'destination.port': Number(to.split(':').at(-1)),
    ...more,
  })

export const lines: readonly Line[] = [
  line(
    'HCB-WS11',
    security,
    '10-26 13:19:44',
    '<Event><System><EventID>4688</EventID></System><EventData><Data Name="NewProcessName">C:\\Windows\\System32\\wscript.exe</Data><Data Name="CommandLine">"wscript.exe" "C:\\Users\\mokafor\\AppData\\Local\\Temp\\invoice_3461_view.js"</Data></EventData></Event>',
    {
      message: 'wscript.exe started by explorer.exe',
      'event.dataset': 'windows',
      'event.category': ['process'],
      'process.name': 'wscript.exe',
      'process.pid': 7180,
      'process.command_line': '"wscript.exe" "C:\\Users\\mokafor\\AppData\\Local\\Temp\\invoice_3461_view.js"',
      'process.parent.name': 'explorer.exe',
      'user.name': 'mokafor',
      'winlog.event_id': '4688',
    },
  ),
  ...Array.from({ length: 48 }, (_, i) =>
    socket('HCB-WS11', seconds('10-26 13:21:00', i * 60), '192.0.2.111:50122', '203.0.113.77:53', {
      'process.name': 'update_svc.exe',
      'process.pid': 7312,
      'network.protocol': 'tls',
    }),
  ),
  line(
    'HCB-WS12',
    security,
    '10-27 02:44:51',
    '<Event><System><EventID>4720</EventID></System><EventData><Data Name="TargetUserName">support_svc</Data></EventData></Event>',
    {
      message: 'Account support_svc created by svc_backup',
      'event.dataset': 'windows',
      'event.category': ['iam'],
      'event.action': 'user-created',
      'user.name': 'svc_backup',
      'user.target.name': 'support_svc',
      'winlog.event_id': '4720',
    },
  ),
  ...failures,
  line(
    'hcb-abi01',
    auth,
    '10-28 03:05:22',
    'Oct 28 03:05:22 hcb-abi01 sshd[21844]: Accepted password for abiadmin from 192.0.2.112 port 51514 ssh2',
    {
      message: 'Accepted password for abiadmin from 192.0.2.112',
      'event.dataset': 'sshd',
      'event.category': ['authentication'],
      'event.outcome': 'success',
      'user.name': 'abiadmin',
      'source.ip': '192.0.2.112',
      'source.port': 51514,
      'service.name': 'sshd',
    },
  ),
  line(
    'hcb-abi01',
    'process',
    '10-28 03:05:49',
    '{"pid":22107,"ppid":21850,"uid":0,"comm":"tar","cmdline":"/usr/bin/tar czf exfil.tar.gz ."}',
    {
      message: 'tar czf exfil.tar.gz . as root',
      'event.dataset': 'process',
      'event.category': ['process'],
      'process.name': 'tar',
      'process.pid': 22107,
      'process.command_line': '/usr/bin/tar czf exfil.tar.gz .',
      'process.parent.name': 'sudo',
      'user.name': 'root',
    },
  ),
  line(
    'hcb-abi01',
    'log-file:/var/log/postgresql/main.log',
    '10-28 03:09:44.120',
    '2026-10-28 03:09:44.120 UTC [22011] abiadmin@entrydb LOG:  duration: 184332.118 ms  statement: COPY importer_of_record TO STDOUT',
    {
      message: 'COPY importer_of_record TO STDOUT, 184 s',
      'event.dataset': 'postgres',
      'event.category': ['database'],
      'user.name': 'abiadmin',
    },
  ),
  ...harvest,
  socket('hcb-abi01', '10-28 04:12:38', '192.0.2.20:44310', '203.0.113.201:443'),
  socket('hcb-abi01', '10-28 04:54:38', '192.0.2.20:44310', '203.0.113.201:443', { 'source.bytes': 2_311_004_882 }),
  line(
    'hcb-abi01',
    'log-file:/var/log/nginx/access.log',
    '10-28 04:58:31',
    '203.0.113.201 - - [28/Oct/2026:04:58:31 +0000] "GET /export/all HTTP/1.1" 200 48211907',
    {
      message: 'GET /export/all answered 200 with 48.2 MB',
      'event.dataset': 'nginx',
      'event.category': ['web'],
      'source.ip': '203.0.113.201',
      'url.original': '/export/all',
      'http.response.status_code': 200,
      'http.response.body.bytes': 48_211_907,
    },
  ),
  line('HCB-WS14', security, '10-29 08:01:10', '<Event><System><EventID>4624</EventID></System></Event>', {
    message: 'helpdesk signed in from 192.0.2.10',
    'event.dataset': 'windows',
    'event.category': ['authentication'],
    'event.outcome': 'success',
    'user.name': 'helpdesk',
    'source.ip': '192.0.2.10',
  }),
  // Names as an attacker would choose them: a formula, a text direction, a terminal's escape.
  line(
    'hcb-abi01',
    auth,
    '10-29 09:58:40',
    'Oct 29 09:58:40 hcb-abi01 sshd[1]: Invalid user =HYPERLINK("http://x")\u202Egnp.exe\u001B[31m <script>alert(1)</script>',
    {
      message: 'Invalid user =HYPERLINK("http://x")\u202Egnp.exe\u001B[31m <script>alert(1)</script>',
      'event.dataset': 'sshd',
      'event.category': ['authentication'],
      'event.outcome': 'failure',
      'user.name': '=HYPERLINK("http://x")\u202Egnp.exe',
      'source.ip': '192.0.2.112',
    },
  ),
  line('HCB-WS12', security, '10-29 09:59:01', '<Event><System><EventID>1102</EventID></System></Event>', {
    message: 'The audit log was cleared by support_svc',
    'event.dataset': 'windows',
    'event.category': ['configuration'],
    'user.name': 'support_svc',
    'winlog.event_id': '1102',
  }),
]
