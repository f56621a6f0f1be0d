import { toRecord } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Row, Table } from '../pass.ts'

const limit = 32 * 1024 * 1024
/** Of one socket. */
const mostHolders = 1_000
/** Numbers instead of names, no warnings, of TCP its state alone, names of programs in full (lsof(8)). */
const args = ['-nP', '-w', '-i', '-Ts', '+c', '0', '-FpcuftPnT']

interface Holder {
  pid: number
  comm?: string
  uid?: number
}

interface Socket {
  protocol: string
  type: string
  name: string
  state?: string
  processes: Holder[]
}

/**
 * Every TCP and UDP socket that a process holds, as lsof(8) lists them: those between the same ends are one row.
 * @throws where there is no answer
 */
export async function macosSockets(host: Host, signal: AbortSignal): Promise<Table> {
  const answer = await host.ask('lsof', args, { limit, signal })
  if ('why' in answer) throw new Error(`lsof lists no sockets: ${answer.why}.`)
  const rows = new Map<string, Row>()
  for (const [id, socket] of socketsOf(answer.toString())) {
    const record = toRecord(socket)
    rows.set(id, { record, mark: record.toString('latin1') })
  }
  return { method: 'lsof -nP -i', rows }
}

/** A letter says what each line is ("OUTPUT FOR OTHER PROGRAMS"): `p` begins a process, `f` one of its files. */
function socketsOf(text: string): Map<string, Socket> {
  const sockets = new Map<string, Socket>()
  let holder: Holder | undefined
  let file = new Map<string, string>()
  const close = () => {
    if (holder !== undefined) addSocket(sockets, file, holder)
    file = new Map()
  }
  for (const line of text.split('\n')) {
    const [letter, value] = [line.slice(0, 1), line.slice(1)]
    if (letter === 'p' || letter === 'f') close()
    if (letter === 'p') holder = isNumber(value) ? { pid: Number(value) } : undefined
    else if (holder !== undefined) addField({ file, holder }, letter, value)
  }
  close()
  return sockets
}

function addField(to: { file: Map<string, string>; holder: Holder }, letter: string, value: string): void {
  if (letter === 'c') to.holder.comm = value
  else if (letter === 'u' && isNumber(value)) to.holder.uid = Number(value)
  else if (letter === 'T' && value.startsWith('ST=')) to.file.set('state', value.slice(3))
  else to.file.set(letter, value)
}

function isNumber(text: string): boolean {
  return /^\d{1,10}$/.test(text)
}

function addSocket(sockets: Map<string, Socket>, file: ReadonlyMap<string, string>, holder: Holder): void {
  const [protocol, type, name, state] = [file.get('P'), file.get('t'), file.get('n'), file.get('state')]
  if (protocol === undefined || type === undefined || name === undefined) return
  const id = `${protocol} ${type} ${name}`
  const known = sockets.get(id)
  if (known === undefined) {
    sockets.set(id, { protocol, type, name, ...(state !== undefined && { state }), processes: [holder] })
    return
  }
  if (known.processes.length < mostHolders && known.processes.every(({ pid }) => pid !== holder.pid))
    known.processes.push(holder)
}
