import type { Problem } from '@tidewaiter/protocol/api'

/** What the console refused, or why it could not be asked. `problem` is what the person is shown. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'ApiError'
    this.problem = problem
  }
}

const unreachable: Problem = {
  type: 'about:blank',
  title: 'Not reachable',
  status: 0,
  code: 'unreachable',
  detail: 'The console does not answer.',
  hint: 'Check that it runs and that this computer is on the same network. We keep trying.',
}

/** Sent with every request that changes something; set from `Me`. */
let csrf = ''

export function setCsrf(token: string): void {
  csrf = token
}

export interface Ask {
  method?: 'GET' | 'POST' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
}

/**
 * Asks the API and gives its JSON; throws `ApiError`. Replies are not checked here: both sides are built from the same
 * types, and the console is the party that the browser already trusts for its code.
 */
export async function ask<T>(path: string, { method = 'GET', body, signal }: Ask = {}): Promise<T> {
  const response = await send(path, method, body, signal)
  const text = await response.text()
  if (!response.ok) throw new ApiError(problemOf(response.status, text))
  // The one place where a reply gets its type: see above.
  return (text === '' ? undefined : JSON.parse(text)) as T
}

async function send(path: string, method: string, body: unknown, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(method !== 'GET' && { 'x-csrf-token': csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(unreachable)
  }
}

/** The problem in a failed reply. A proxy in between may answer with something else; then the status has to do. */
export function problemOf(status: number, text: string): Problem {
  try {
    const read: unknown = JSON.parse(text)
    // Enough to be shown: a code and a sentence.
    if (typeof read === 'object' && read !== null && 'code' in read && 'detail' in read) return read as Problem
  } catch {
    // Not JSON: falls through to the status.
  }
  return {
    type: 'about:blank',
    title: 'Unexpected answer',
    status,
    code: `http-${status}`,
    detail: `The console answered with status ${status} and no reason.`,
    hint: 'Look into the console’s log. If a proxy stands in between, it may have answered.',
  }
}

/** A query string of what is set; empty values are left out. */
export function queryOf(values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '') query.set(name, String(value))
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** One part of a path: ids of records and findings may contain anything. */
export function part(id: string): string {
  return encodeURIComponent(id)
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.problem.status === status
}

export function isCode(error: unknown, code: string): error is ApiError {
  return error instanceof ApiError && error.problem.code === code
}
