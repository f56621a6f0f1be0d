import { type AuditLine, scan } from './line.ts'

/** Lines of one event, in the order in which they came. Plain JSON: it is saved with the state of its source. */
export interface Group {
  ids: string[]
  texts: string[]
}

interface Open extends Group {
  key: string
  seconds: number
  characters: number
}

/** Bounds of what is open (`evidence.md` 10): with its ids and in JSON it stays below 64 KiB. */
const most = { groups: 8, characters: 24_000, lines: 60 }
/** An event of which nothing came for so long is complete. */
const quietSeconds = 2

/** Gathers the lines of an event, which come one after the other or between those of others. */
export interface Groups {
  /** The groups that are complete with this line. */
  push(id: string, text: string, line: AuditLine): Group[]
  end(): Group[]
  open(): Group[]
}

export function newGroups(before: readonly Group[] = []): Groups {
  let open: Open[] = []
  const characters = () => open.reduce((sum, group) => sum + group.characters, 0)
  const close = (isDone: (group: Open) => boolean): Group[] => {
    const done = open.filter(isDone)
    open = open.filter((group) => !done.includes(group))
    return done.map(({ ids, texts }) => ({ ids, texts }))
  }
  const closeOldest = (): Group[] => close((group) => group === open[0])
  const groups: Groups = {
    push(id, text, line) {
      const key = keyOf(line)
      const closed = close(({ seconds }) => line.seconds - seconds > quietSeconds)
      if (!isOneOfSeveral(line.type))
        return [...closed, ...close((group) => group.key === key), { ids: [id], texts: [text] }]
      let group = open.find((each) => each.key === key)
      if (group === undefined) {
        group = { key, seconds: line.seconds, characters: 0, ids: [], texts: [] }
        open.push(group)
      }
      group.ids.push(id)
      group.texts.push(text)
      group.characters += text.length
      if (isLast(line.type) || group.ids.length >= most.lines) closed.push(...close((each) => each === group))
      while (open.length > most.groups || characters() > most.characters) closed.push(...closeOldest())
      return closed
    },
    end: () => close(() => true),
    open: () => open.map(({ ids, texts }) => ({ ids, texts })),
  }
  for (const { ids, texts } of before)
    for (const [i, text] of texts.entries()) {
      const line = scan(text)
      if (line !== undefined) groups.push(ids[i] ?? '', text, line)
    }
  return groups
}

function keyOf({ node, seconds, milliseconds, serial }: AuditLine): string {
  return `${node ?? ''} ${seconds}.${milliseconds}:${serial}`
}

/** What comes with others, by the numbers 1300 to 1399 and 1400 of linux/audit.h; all the rest stands alone. */
const several = new Set(
  `AVC BPF BPRM_FCAPS CAPSET CWD DM_EVENT EOE EXECVE FANOTIFY FD_PAIR IPC IPC_SET_PERM KERN_MODULE LANDLOCK_ACCESS
  MMAP MQ_GETSETATTR MQ_NOTIFY MQ_OPEN MQ_SENDRECV NETFILTER_CFG OBJ_PID OPENAT2 PATH PROCTITLE SELINUX_ERR SOCKADDR
  SOCKETCALL SYSCALL TIME_ADJNTPVAL TIME_INJOFFSET URINGOP`.split(/\s+/),
)

function isOneOfSeveral(type: string): boolean {
  return several.has(type)
}

/** The kernel writes the title of a process last but for the mark of the end, which auditd need not write. */
function isLast(type: string): boolean {
  return type === 'EOE' || type === 'PROCTITLE'
}
