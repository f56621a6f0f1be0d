/** What this thread has computed so far, milliseconds: how long a thing takes here, whatever else the machine does. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
