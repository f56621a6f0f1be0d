/** Longer than any system allows a path to be. */
const mostText = 32_768

interface FilePath {
  path: string
  name: string
  extension?: string
}

/** ECS `file.*` of a path of any system; nothing of an empty one. */
export function filePath(text: string): FilePath | undefined {
  const path = text.slice(0, mostText)
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  if (name === '') return undefined
  const dot = name.lastIndexOf('.')
  return { path, name, ...(dot > 0 && dot < name.length - 1 && { extension: name.slice(dot + 1) }) }
}

/** `file:///D:/a%20b.zip` is `D:/a b.zip`, `file:///home/a` is `/home/a`; what is no such address stays as it is. */
export function fileOfAddress(address: string | undefined): string | undefined {
  if (address === undefined || !address.startsWith('file://')) return address
  const path = address.slice('file://'.length).replace(/^\/(?=[A-Za-z]:)/, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
