import { fstatSync } from 'node:fs'
import { Tail } from 'tail'

/** After a change nothing is listened to for so long: a log that grows a thousand times a second wakes us four times. */
const restMs = 250

/**
 * `tail` as the one that wakes up. What it is good at is noticing that a file grows; its reading goes by name, gives up
 * its queue when the file is renamed and turns bytes into strings, so it is not asked to read: whoever is woken reads
 * the open file from its own position. Through /proc it watches the open file itself, whatever happens to the name.
 */
class Wake extends Tail {
  readonly #changed: () => void

  constructor(file: number, changed: () => void) {
    super(`/proc/self/fd/${file}`, { follow: false, fsWatchOptions: { persistent: false } })
    this.#changed = changed
    // How a rename is told when `follow` is off.
    this.on('error', changed)
  }

  /** Called by `Tail` when the file was written to; its own would read. */
  change(): void {
    this.#changed()
  }
}

/**
 * Calls `changed` when the open file is written to, cut, renamed or removed. Where the system has no watches left it
 * does not: whoever follows a file looks at it from time to time anyhow.
 */
export function watchOpenFile(file: number, changed: () => void): () => void {
  let seen = ''
  let wake: Wake | undefined
  let timer: NodeJS.Timeout | undefined
  const rest = () => {
    wake?.unwatch()
    wake = undefined
    seen = stateOf(file)
    clearTimeout(timer)
    timer = setTimeout(listen, restMs).unref()
  }
  const heard = () => {
    rest()
    changed()
  }
  const listen = () => {
    wake = newWake(file, heard)
    // What happened during the rest was not heard.
    if (stateOf(file) !== seen) heard()
  }
  wake = newWake(file, heard)
  return () => {
    clearTimeout(timer)
    wake?.unwatch()
  }
}

function newWake(file: number, heard: () => void): Wake | undefined {
  try {
    return new Wake(file, heard)
  } catch {
    // ENOSPC: fs.inotify.max_user_watches is reached.
    return undefined
  }
}

function stateOf(file: number): string {
  const { size, mtimeMs, ctimeMs } = fstatSync(file)
  return `${size} ${mtimeMs} ${ctimeMs}`
}
