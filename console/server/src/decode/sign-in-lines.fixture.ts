/** A line as a service writes it of a client at 192.0.2.7 that calls itself `name`. */
export interface SignInLine {
  /** `event.dataset` of what is read in it. */
  service: string
  /** Id of the decoder of its file. */
  log: string
  outcome: 'success' | 'failure'
  line(name: string): string
  /** The account it names where `name` is something else: a referrer, a password. */
  user?: string
}

const at = 'Nov 26 13:34:21 mail'
const asctime = 'Thu Nov 26 13:34:21 2026'
const iso = '2026-11-26 13:34:21'
const nginxAt = '2026/11/26 13:34:21 [error] 7#7: *3'
const nginxEnd = 'client: 192.0.2.7, server: www.example, request: "GET / HTTP/1.1", host: "www.example"'
const apacheAt = `[Thu Nov 26 13:34:21.250000 2026] [auth_basic:error] [pid 7:tid 8] [client 192.0.2.7:52234]`
const roundcubeAt = '[26-Nov-2026 13:34:21 -0500]:'
const vaultwardenAt = '[2026-11-26 13:34:21.129][vaultwarden::api::identity]'
const guacamoleAt = '13:34:21.907 [http-nio-8080-exec-10] WARN  o.a.g.r.auth.AuthenticationService -'
const mongodbAt = '2026-11-26T13:34:21.129-0500 I  ACCESS   [conn7]'

/**
 * Made for these tests in the form of each service's own source or manual, with addresses and names of documentation
 * (RFC 5737, RFC 2606). Lines of real hosts stand in the shared data.
 */
export const signInLines: readonly SignInLine[] = [
  ...syslog('postfix', [
    [
      'failure',
      (name) =>
        `postfix/smtpd[7]: warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=${name}`,
    ],
    [
      'success',
      (name) =>
        `postfix/submission/smtpd[7]: 4F2A1C0D2E: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=${name}`,
    ],
  ]),
  ...syslog('dovecot', [
    [
      'failure',
      (name) =>
        `dovecot: imap-login: Disconnected (auth failed, 2 attempts in 6 secs): user=<${name}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS, session=<kZ1>`,
    ],
    ['failure', (name) => `dovecot: auth-worker(9): pam(${name},192.0.2.7,<kZ1>): unknown user`],
    [
      'success',
      (name) =>
        `dovecot: pop3-login: Login: user=<${name}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, mpid=8, TLS, session=<kZ2>`,
    ],
  ]),
  ...syslog('courier', [
    ['failure', (name) => `imapd: LOGIN FAILED, user=${name}, ip=[::ffff:192.0.2.7], port=[52234]`],
    ['success', (name) => `pop3d: LOGIN, user=${name}, ip=[::ffff:192.0.2.7], port=[52234]`],
  ]),
  ...syslog('proftpd', [
    [
      'failure',
      (name) => `proftpd[7] ftp.example (client.example[192.0.2.7]): USER ${name} (Login failed): Incorrect password.`,
    ],
    [
      'failure',
      (name) =>
        `proftpd[7] ftp.example (client.example[192.0.2.7]): USER ${name}: no such user found from client.example [192.0.2.7] to 192.0.2.1:21`,
    ],
    ['success', (name) => `proftpd[7]: ftp.example (client.example[192.0.2.7]) - USER ${name}: Login successful.`],
  ]),
  ...syslog('proxmox', [
    ['failure', (name) => `pvedaemon[7]: authentication failure; rhost=::ffff:192.0.2.7 user=${name} msg=no such user`],
  ]),
  ...syslog('screensharing', [
    [
      'failure',
      (name) =>
        `screensharingd[7]: Authentication: FAILED :: User Name: ${name} :: Viewer Address: 192.0.2.7 :: Type: DH`,
    ],
    [
      'success',
      (name) =>
        `screensharingd[7]: Authentication: SUCCEEDED :: User Name: ${name} :: Viewer Address: 192.0.2.7 :: Type: DH`,
    ],
  ]),
  ...own('apache', [
    ['failure', (name) => `${apacheAt} AH01618: user ${name} not found: /private`],
    [
      'failure',
      (name) => `${apacheAt} AH01617: user ${name}: authentication failure for "/private": Password Mismatch`,
    ],
    ['failure', (name) => `${apacheAt} AH01792: user ${name}: password mismatch: /private`],
    ['failure', (name) => `${apacheAt} AH01790: user \`${name}' in realm \`private' not found: /private`],
    [
      'failure',
      (name) =>
        `${apacheAt} AH01637: Authorization of user ${name} to access /private failed, reason: file owner ana does not match`,
    ],
  ]),
  ...own('nginx', [
    ['failure', (name) => `${nginxAt} user "${name}" was not found in "/etc/nginx/.htpasswd", ${nginxEnd}`],
    [
      'failure',
      (name) => `${nginxAt} user "${name}": password mismatch, ${nginxEnd}, referrer: "https://www.example/"`,
    ],
    ['failure', (name) => `${nginxAt} PAM: user '${name}' - not authenticated: Authentication failure, ${nginxEnd}`],
  ]),
  {
    ...(own('nginx', [
      ['failure', (name) => `${nginxAt} user "ana": password mismatch, ${nginxEnd}, referrer: "${name}"`],
    ])[0] as SignInLine),
    user: 'ana',
  },
  ...own('mysqld', [
    [
      'failure',
      (name) =>
        `2026-11-26T13:34:21.634875Z 113 [Note] [MY-010926] [Server] Access denied for user '${name}'@'192.0.2.7' (using password: YES)`,
    ],
    [
      'failure',
      (name) => `261126 13:34:21 [Warning] Access denied for user '${name}'@'192.0.2.7' to database 'broker'`,
    ],
  ]),
  ...own('mongodb', [
    [
      'failure',
      (name) =>
        `${mongodbAt} SCRAM-SHA-1 authentication failed for ${name} on admin from client 192.0.2.7:52234 ; UserNotFound: Could not find user ${name}@admin`,
    ],
    [
      'success',
      (name) => `${mongodbAt} Successfully authenticated as principal ${name} on admin from client 192.0.2.7:52234`,
    ],
    [
      'failure',
      (name) =>
        mongodbRow('Authentication failed', {
          principalName: name,
          error: `UserNotFound: Could not find user "${name}"`,
        }),
    ],
    ['success', (name) => mongodbRow('Authentication succeeded', { principalName: name })],
  ]),
  ...own('roundcube', [
    [
      'failure',
      (name) => `${roundcubeAt} <3z506z6r> Failed login for ${name} from 192.0.2.7 in session 3z506z6rvdds (error: 0)`,
    ],
    [
      'success',
      (name) => `${roundcubeAt} <3z506z6r> Successful login for ${name} (ID: 3) from 192.0.2.7 in session 3z506z6rvdds`,
    ],
    [
      'failure',
      (name) =>
        `${roundcubeAt} IMAP Error: Login failed for ${name} from 192.0.2.7. AUTHENTICATE PLAIN: A0002 NO Login failed. user=${name} in /usr/share/roundcube/rcube_imap.php on line 205 (POST /?_task=login)`,
    ],
    ['failure', (name) => `${roundcubeAt} IMAP Error: Login failed for ${name} against localhost from 192.0.2.7`],
  ]),
  ...own('guacamole', [
    ['failure', (name) => `${guacamoleAt} Authentication attempt from 192.0.2.7 for user "${name}" failed.`],
    ['success', (name) => `${guacamoleAt} User "${name}" successfully authenticated from 192.0.2.7.`],
  ]),
  ...own('vaultwarden', [
    [
      'failure',
      (name) =>
        `${vaultwardenAt}[ERROR] Username or password is incorrect. Try again. IP: 192.0.2.7. Username: ${name}.`,
    ],
    ['success', (name) => `${vaultwardenAt}[INFO] User ${name} logged in successfully. IP: 192.0.2.7`],
  ]),
  ...own('vsftpd', [['failure', (name) => `${asctime} [pid 7] [${name}] FAIL LOGIN: Client "192.0.2.7"`]]),
  {
    ...(own('vsftpd', [
      ['success', (name) => `${asctime} [pid 7] [ftp] OK LOGIN: Client "192.0.2.7", anon password "${name}"`],
    ])[0] as SignInLine),
    user: 'ftp',
  },
  ...syslog('pf', [
    [
      'failure',
      (name) => `php-fpm[7]: /index.php: webConfigurator authentication error for user '${name}' from: 192.0.2.7`,
    ],
    ['failure', (name) => `audit[7]: /index.php: Web GUI authentication error for '${name}' from 192.0.2.7`],
    [
      'success',
      (name) => `php-fpm[7]: /index.php: Successful login for user '${name}' from: 192.0.2.7 (Local Database)`,
    ],
  ]),
  ...own('sql-server', [
    [
      'failure',
      (name) =>
        `${iso}.00 Logon       Login failed for user '${name}'. Reason: Password did not match that for the login provided. [CLIENT: 192.0.2.7]`,
    ],
    [
      'success',
      (name) =>
        `${iso}.00 Logon       Login succeeded for user '${name}'. Connection made using SQL Server authentication. [CLIENT: 192.0.2.7]`,
    ],
  ]),
  ...own('mysql-audit', [
    ['failure', (name) => `20261126 13:34:21,db,${name},192.0.2.7,5,0,FAILED_CONNECT,,,1045`],
    ['success', (name) => `20261126 13:34:21,db,${name},192.0.2.7,5,0,CONNECT,broker,,0`],
  ]),
  ...own('postgresql', [
    [
      'failure',
      (name) =>
        `${iso} EST:192.0.2.7(52234):${name}@broker:[7]:FATAL:  password authentication failed for user "${name}"`,
    ],
    [
      'failure',
      (name) =>
        `${iso}.000 EST [7] ${name}@broker FATAL:  no pg_hba.conf entry for host "192.0.2.7", user "${name}", database "broker", no encryption`,
    ],
    [
      'success',
      (name) =>
        `${iso} EST [7]: user=${name},db=broker,app=[unknown],client=192.0.2.7 LOG:  connection authorized: user=${name} database=broker application_name=psql`,
    ],
    [
      'failure',
      (name) =>
        `${iso}.000 EST,${csv(name)},"broker",7,"192.0.2.7:52234",6b091fdd.2ea1,2,"authentication",2026-11-26 13:34:21 EST,3/10,0,FATAL,28P01,${csv(`password authentication failed for user "${name}"`)},,,,,,,,,"","client backend",,0`,
    ],
    [
      'success',
      (name) =>
        JSON.stringify({
          timestamp: `${iso}.000 EST`,
          user: name,
          dbname: 'broker',
          pid: 7,
          remote_host: '192.0.2.7',
          remote_port: 52234,
          error_severity: 'LOG',
          message: `connection authorized: user=${name} database=broker application_name=psql`,
        }),
    ],
  ]),
  ...own('openvpn', [
    [
      'success',
      (name) => `${iso} 192.0.2.7:52234 TLS: Username/Password authentication succeeded for username '${name}' `,
    ],
  ]),
]

function csv(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function syslog(service: string, lines: readonly Said[]): SignInLine[] {
  return lines.map(([outcome, say]) => ({ service, log: 'syslog', outcome, line: (name) => `${at} ${say(name)}` }))
}

function own(service: string, lines: readonly Said[]): SignInLine[] {
  return lines.map(([outcome, line]) => ({ service, log: service, outcome, line }))
}

type Said = readonly [outcome: 'success' | 'failure', say: (name: string) => string]

function mongodbRow(msg: string, attributes: object): string {
  return JSON.stringify({
    t: { $date: '2026-11-26T13:34:21.129-05:00' },
    s: 'I',
    c: 'ACCESS',
    id: 20249,
    ctx: 'conn7',
    msg,
    attr: { mechanism: 'SCRAM-SHA-256', ...attributes, authenticationDatabase: 'admin', remote: '192.0.2.7:52234' },
  })
}
