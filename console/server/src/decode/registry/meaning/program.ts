/**
 * The program of a command line: what stands in quotes, or up to the first name that ends as programs do. What follows is
 * for the program.
 */
export function programOf(commandLine: string): string | undefined {
  const text = commandLine.trim()
  if (text.startsWith('"')) return text.slice(1, (text.indexOf('"', 1) + 1 || text.length + 1) - 1) || undefined
  const [, named] = /^(.{1,1024}?\.(?:exe|sys|dll|com|bat|cmd|scr|vbs|js|ps1|cpl))(?:[\s,"]|$)/i.exec(text) ?? []
  if (named !== undefined) return named
  const blank = text.indexOf(' ')
  return (blank < 0 ? text : text.slice(0, blank)) || undefined
}
