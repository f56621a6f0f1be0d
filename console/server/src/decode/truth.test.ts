import { describe, expect, test } from 'vitest'
import type { Event } from './decoder.ts'
import { decodeFile } from './files.ts'
import { isMissing, linesOf, pathOf, truthOf } from './shared-data.fixture.ts'

const read = (name: string) => Array.fromAsync(decodeFile(pathOf(name), { year: 2019, zone: 'UTC' }))
const ipOf = ({ source }: Event) => (source as { ip?: string } | undefined)?.ip ?? ''
const userOf = ({ user }: Event) => (user as { name?: string } | undefined)?.name ?? ''

describe.skipIf(isMissing('authlog'))('eleven days of a server on the internet (shared data)', async () => {
  const truth = isMissing('authlog') ? {} : truthOf('authlog')
  const events = isMissing('authlog') ? [] : await read('authlog/elastic_auth_27Mar-7Apr.log')
  const signIns = events.filter(({ event }) => event.dataset === 'sshd' && event.action === 'sign-in')

  test('every line is an event, and each is a line of syslog', () => {
    expect(events).toHaveLength(truth.lines)
    expect(events.filter(({ error }) => error !== undefined)).toEqual([])
  })

  test('lines of failed passwords are as many from each address as were counted', () => {
    const counted = countBy(
      signIns.filter((event) => event.message?.startsWith('Failed password')),
      ipOf,
    )

    for (const [ip, count] of Object.entries(truth.failed_password_by_ip))
      expect([ip, counted.get(ip)]).toEqual([ip, count])
  })

  test('what rsyslog folded into one line is counted in it', () => {
    const repeated = signIns.filter(({ tidewaiter }) => tidewaiter.repeated !== undefined)

    expect(repeated.length).toBe(
      linesOf('authlog/elastic_auth_27Mar-7Apr.log').filter((line) =>
        /message repeated \d+ times: \[ Failed/.test(line),
      ).length,
    )
    for (const { tidewaiter } of repeated) expect(tidewaiter.repeated).toBeGreaterThan(1)
  })

  test('unknown names came as often from each address as was counted', () => {
    const counted = countBy(
      events.filter(({ event, message }) => event.action === 'user-unknown' && message?.startsWith('Invalid user')),
      ipOf,
    )

    for (const [ip, count] of Object.entries(truth.invalid_user_by_ip))
      expect([ip, counted.get(ip)]).toEqual([ip, count])
  })

  test('who came in, how, from where and how often is what was counted', () => {
    const accepted = signIns.filter(({ event }) => event.outcome === 'success')
    const counted = countBy(accepted, (event) => [event.tidewaiter.method, userOf(event), ipOf(event)].join(' '))

    expect(Object.fromEntries(counted)).toEqual(
      Object.fromEntries(truth.accepted.map((row: unknown[]) => [row.slice(0, 3).join(' '), row[3]])),
    )
  })
})

describe.skipIf(isMissing('login_fail2ban'))('lines of sshd that fail2ban is tested with (shared data)', () => {
  /** What fail2ban expects of the line after each of its remarks. */
  const expected = isMissing('login_fail2ban')
    ? []
    : linesOf('login_fail2ban/sshd.log').flatMap((line, i, all) => {
        if (!line.startsWith('# failJSON: ')) return []
        const { match, host, user } = JSON.parse(line.slice(12))
        return match === true ? [{ host: String(host), user, line: all[i + 1] ?? '' }] : []
      })
  /** These name no address: fail2ban knows it from lines before. */
  const without =
    /Disconnecting: Too many|fatal: (Read from socket|Unable to negotiate a key|no matching mac)|kex_exchange_identification/

  test('the address that fail2ban finds in a line is the one that it came from', async () => {
    const events = await read('login_fail2ban/sshd.log')
    const named = expected.filter(({ line }) => !without.test(line))
    const addressOf = new Map(events.map((event) => [event.event.original, addressesOf(event)]))

    expect(named.length).toBeGreaterThan(80)
    for (const { line, host } of named)
      expect([line, addressOf.get(line)]).toEqual([line, expect.arrayContaining([host])])
  })

  test('and so is the name', async () => {
    const events = await read('login_fail2ban/sshd.log')
    const named = expected.filter(({ user }) => typeof user === 'string' && user !== '')

    expect(named.length).toBeGreaterThan(3)
    for (const { line, user } of named)
      expect([line, ...events.filter(({ event }) => event.original === line).map(userOf)]).toContain(user)
  })
})

describe.skipIf(isMissing('login_fail2ban'))('lines of PAM that fail2ban is tested with (shared data)', () => {
  test('no address is taken that fail2ban does not find', async () => {
    const all = linesOf('login_fail2ban/pam-generic.log')
    const events = await read('login_fail2ban/pam-generic.log')
    let found = 0
    for (const [i, line] of all.entries()) {
      const [, remark] = /^# failJSON: (.*)$/.exec(line) ?? []
      const event = events.find(({ event }) => event.original === all[i + 1])
      if (remark === undefined || event?.source === undefined) continue
      const { host } = JSON.parse(remark)
      if (host !== undefined) expect(addressesOf(event)).toContain(host)
      found += 1
    }

    expect(found).toBeGreaterThanOrEqual(7)
  })
})

describe.skipIf(isMissing('os_artifacts', 'linux_login', 'journald'))(
  'files of other tools’ tests (shared data)',
  () => {
    test('login records are as many as they count, with the first and last that utmpdump reads', async () => {
      const { utmp__utmp, utmp__utmp_x86_64 } = truthOf('os_artifacts')
      const wtmp = await read('linux_login/artemis__ubuntu18_wtmp')

      expect(await read('os_artifacts/utmp__utmp')).toHaveLength(utmp__utmp.events)
      expect(await read('os_artifacts/utmp__utmp_x86_64')).toHaveLength(utmp__utmp_x86_64.events)
      expect(wtmp).toHaveLength(truthOf('linux_login').files.artemis__ubuntu18_wtmp.records_utmpdump)
      expect(wtmp[0]).toMatchObject({ '@timestamp': '2023-07-04T04:46:06.721220Z', event: { action: 'boot' } })
      expect(wtmp.at(-1)).toMatchObject({ '@timestamp': '2023-07-05T04:49:32.009699Z', message: 'run level 5' })
    })

    test('addresses in login records are the ones that utmpdump reads', async () => {
      const events = await read('os_artifacts/utmp__utmp_x86_64')

      expect(new Set(events.filter(({ source }) => source !== undefined).map(ipOf))).toEqual(new Set(['4.3.2.1']))
    })

    test('the journal has the entries, times and programs that journalctl shows', async () => {
      const { files } = truthOf('journald')
      const { entries_journalctl, first_realtime_us, identifiers, first_message } =
        files['artemis__user-1000.journal.gz']
      const events = await read('journald/artemis__user-1000.export.gz')
      const tags = countBy(
        events,
        ({ log }) => (log as { syslog?: { appname?: string } } | undefined)?.syslog?.appname ?? 'null',
      )

      expect(events).toHaveLength(entries_journalctl)
      expect(events[0]?.message).toBe(first_message)
      expect(events[0]?.['@timestamp']?.slice(0, 19)).toBe(
        new Date(first_realtime_us / 1000).toISOString().slice(0, 19),
      )
      for (const [tag, count] of Object.entries(identifiers)) expect([tag, tags.get(tag)]).toEqual([tag, count])
    })

    test('syslog files of every kind are read as far as they are syslog', async () => {
      for (const name of ['syslog_rsyslog', 'syslog_ssh.log', 'syslog_rsyslog_traditional']) {
        const wrong = (await read(`os_artifacts/syslog__${name}`)).filter(({ error }) => error !== undefined)
        // One message goes on in lines without a time.
        expect(wrong.length).toBeLessThanOrEqual(1)
      }
      const wrong = (await read('os_artifacts/syslog__syslog')).filter(({ error }) => error !== undefined)
      expect(wrong.map(({ message }) => message)).toEqual([expect.stringMatching(/^MMM 22/)])
    })
  },
)

/** The address as written, without the zeros before an octet's number, and the address it is. */
function addressesOf({ source }: Event): string[] {
  const { address, ip } = (source ?? {}) as { address?: string; ip?: string }
  return [address ?? '', ip ?? '', (address ?? '').replace(/^::ffff:/, '')]
}

function countBy(events: readonly Event[], key: (event: Event) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const event of events) counts.set(key(event), (counts.get(key(event)) ?? 0) + 1)
  return counts
}
