/** A refusal in the form of the API. */
export class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

/** Throws `not-found`. */
export function known<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Refused(404, 'not-found', 'There is nothing under this id.')
  return thing
}
