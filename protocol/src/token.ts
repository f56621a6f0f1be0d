import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { fromBase64, parseCompactJson, toBase64, toUtf8 } from './bytes.ts'
import { Refusal } from './error.ts'
import { Hash } from './record.ts'

/** What an enrolment token carries. It alone is enough to enrol, so only a hash of the secret is ever stored. */
export const Token = Type.Object(
  {
    /** Agent addresses of the console, `wss://host:port`, in the order to try. */
    a: Type.Array(Type.String({ pattern: '^wss://[^\\s/]{1,294}$' }), { minItems: 1, maxItems: 16 }),
    /** SHA-256 of the SPKI of the console's CA: the pin. */
    c: Hash,
    /** Id of the token; logs, lists and URLs use it. */
    i: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    /** Secret, 16 bytes in hex. */
    s: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  },
  { additionalProperties: false },
)
export type Token = Static<typeof Token>

const prefix = 'tw1.'

export function formatToken(token: Token): string {
  const base64 = toBase64(toUtf8(JSON.stringify({ a: token.a, c: token.c, i: token.i, s: token.s })))
  return prefix + base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Throws `token-malformed`. The text of a refusal never holds the token. */
export function parseToken(text: string): Token {
  const value = text.length <= 8192 && text.startsWith(prefix) ? readJson(text.slice(prefix.length)) : undefined
  if (!Value.Check(Token, value))
    throw new Refusal(
      'token-malformed',
      'the token is cut off or not one of Tidewaiter: copy it whole, it begins with tw1.',
    )
  return value
}

function readJson(base64url: string): unknown {
  if (/[^A-Za-z0-9_-]/.test(base64url)) return undefined
  const base64 = base64url.replaceAll('-', '+').replaceAll('_', '/')
  const bytes = fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='))
  return bytes && parseCompactJson(bytes)
}

/** Server name of the agent port: fixed, so that the address an agent uses never matters to TLS. */
export function serverNameOf(caSpkiSha256: string): string {
  return `${caSpkiSha256.slice(0, 16)}.tidewaiter`
}
