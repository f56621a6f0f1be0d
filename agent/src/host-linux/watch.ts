import { type FSWatcher, watch } from 'chokidar'
import type { Watch } from '../host.ts'

/** Pause between two looks at the names, and from how many of them on it is the longer one. */
const pollMs = { few: 2_000, many: 10_000 }
const many = 100

/**
 * `chokidar` watches the names, by looking at them: a rename, a new file, a link that leads elsewhere. Its inotify mode
 * would wake up with every write to any file of /var/log (measured: 17 us each), and does not work on network volumes.
 * That an open file grows is noticed at once by `watch-open-file.ts`.
 */
export function newWatch(signal: AbortSignal): Watch {
  const watched = new Set<string>()
  let watcher: FSWatcher | undefined
  let isTouched = false
  let wake = () => {}
  const touch = () => {
    isTouched = true
    wake()
  }
  const end = () => {
    void watcher?.close()
    wake()
  }
  signal.addEventListener('abort', end, { once: true })
  return {
    set(paths) {
      if (signal.aborted) return
      watcher ??= newWatcher(paths.length, touch)
      const wanted = new Set(paths)
      const gone = [...watched].filter((path) => !wanted.has(path))
      const fresh = [...wanted].filter((path) => !watched.has(path))
      if (gone.length > 0) watcher.unwatch(gone)
      if (fresh.length > 0) watcher.add(fresh)
      for (const path of gone) watched.delete(path)
      for (const path of fresh) watched.add(path)
    },
    touch,
    async wait(ms) {
      if (!isTouched && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        wake = resolve
        await promise
        clearTimeout(timer)
      }
      isTouched = false
    },
  }
}

function newWatcher(paths: number, touch: () => void): FSWatcher {
  const watcher = watch([], {
    usePolling: true,
    interval: paths > many ? pollMs.many : pollMs.few,
    persistent: false,
    ignoreInitial: true,
    followSymlinks: false,
    depth: 0,
    ignorePermissionErrors: true,
    atomic: false,
  })
  watcher.on('all', touch)
  // A name that cannot be looked at says so when it is opened.
  watcher.on('error', touch)
  return watcher
}
