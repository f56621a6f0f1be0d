import { Refusal } from '@tidewaiter/protocol'

/** Code of the refusal that is thrown; undefined when nothing is. Anything else is passed on. */
export function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

/** Code of the refusal that is rejected with; undefined when it is kept. */
export async function codeOfPromise(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Refusal) return error.code
      throw error
    },
  )
}
