import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect as connectTls } from 'node:tls'
import { enrolBytes } from '@tidewaiter/protocol'
import { type AgentCode, refuse, saysOf } from '../error.ts'
import type { Clock } from '../host.ts'
import { withDeadline } from './deadline.ts'
import { dialTls } from './dial.ts'
import { placeOf, type Trust, trusting } from './tls.ts'

const answerMs = 20_000

interface Question {
  method: 'GET' | 'POST'
  path: string
  body?: object
  /** Code of the refusal when no answer comes, or one that no console gives. */
  unanswered: AgentCode
}

interface Answer {
  status: number
  /** Whatever JSON it is. */
  body: unknown
}

/** What the agent port answers over HTTPS, beside the live connection. */
export interface Port {
  ask(question: Question): Promise<Answer>
  close(): void
}

/** One connection to a port that proves to be the trusted one, kept for all questions. Rejects as `dialTls` does. */
export async function openPort(address: string, trust: Trust, clock: Clock): Promise<Port> {
  const place = placeOf(address)
  const options = trusting(trust)
  const first = await dialTls(address, { options }, clock)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  // A console may hang up between two questions.
  agent.createConnection = () => (first.destroyed ? connectTls({ ...options, ...place }) : first)
  return {
    async ask({ unanswered, ...question }) {
      try {
        return await withDeadline(clock, answerMs, (signal) => exchange({ ...question, ...place, agent, signal }))
      } catch (cause) {
        const why = cause instanceof Error && cause.name === 'AbortError' ? 'too late' : saysOf(cause)
        const says = `${place.host} port ${place.port} does not answer ${question.path} as a console does (${why}).`
        throw refuse(unanswered, `${says} Check the port, and that console and agent are of the same version.`, {
          cause,
        })
      }
    },
    close: () => agent.destroy(),
  }
}

type Exchange = Omit<Question, 'unanswered'> & { host: string; port: number; agent: Agent; signal: AbortSignal }

async function exchange({ body, ...options }: Exchange): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  const asking = request({ ...options, headers: body === undefined ? {} : headers })
  asking.end(text)
  const [response]: IncomingMessage[] = await once(asking, 'response')
  if (response === undefined) throw new Error('no answer')
  return { status: response.statusCode ?? 0, body: JSON.parse(await textOf(response)) }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response) {
    bytes += part.length
    if (bytes > enrolBytes) throw new Error(`more than ${enrolBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
