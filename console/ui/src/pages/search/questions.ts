/** Questions that are asked of almost every host; each is a query a person can read and change. */
export const questions: readonly { text: string; q: string; from: string }[] = [
  { text: 'Failed sign-ins', q: 'event.category:authentication event.outcome:failure', from: '-24h' },
  { text: 'Sign-ins that worked', q: 'event.category:authentication event.outcome:success', from: '-24h' },
  { text: 'Accounts made or changed', q: 'event.category:iam', from: '-7d' },
  { text: 'Commands run with sudo', q: 'event.dataset:sudo', from: '-7d' },
  { text: 'Processes that started', q: 'event.category:process', from: '-1h' },
  {
    text: 'Connections to outside the office',
    q: 'event.category:network not destination.ip:(10.0.0.0/8 or 172.16.0.0/12 or 192.168.0.0/16 or 127.0.0.0/8)',
    from: '-24h',
  },
  { text: 'What used the port of DNS', q: 'destination.port:53', from: '-7d' },
  { text: 'Web requests', q: 'event.category:web', from: '-24h' },
  { text: 'Files read or written', q: 'event.category:file', from: '-24h' },
  { text: 'Database reads', q: 'event.category:database', from: '-7d' },
  { text: 'Settings changed, logs cleared', q: 'event.category:configuration', from: '-7d' },
  { text: 'Everything, newest first', q: 'event.dataset:*', from: '-1h' },
]
