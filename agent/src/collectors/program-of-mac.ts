import type { Host } from '../host.ts'

/** Where a Mac shows volumes that may be another machine's, and mounts them when they are asked for (auto_master(5)). */
const elsewhere = ['/Volumes/', '/net/', '/home/', '/Network/']

/**
 * SHA-256 of a program by a path that somebody chose. One that may lie on another machine is not fetched: it may not
 * answer, and who asks for it shows himself there.
 */
export async function hashOfProgram(host: Host, path: string): Promise<{ sha256: string } | { why: string }> {
  if (!path.startsWith('/')) return { why: 'not a path' }
  if (elsewhere.some((folder) => path.startsWith(folder))) return { why: 'may lie on another machine' }
  return host.hashFile(path)
}
