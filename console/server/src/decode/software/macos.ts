import { defined, type Row, textIn } from '../row.ts'
import type { Kind, Said } from '../system-row.ts'

/** Applications by their Info.plist, what was installed, and when updates were last asked for. */
export const macosSoftware: Readonly<Record<string, Kind>> = {
  application: { category: 'package', say: sayApplication },
  install: { category: 'package', say: sayInstall },
  'update-check': { category: 'package', say: sayCheck },
}

function sayApplication(row: Row): Said | undefined {
  const path = textIn(row, 'path')
  if (path === undefined) return undefined
  const version = textIn(row, 'CFBundleShortVersionString') ?? textIn(row, 'CFBundleVersion')
  const name = textIn(row, 'CFBundleName') ?? path.slice(path.lastIndexOf('/') + 1).replace(/\.app$/, '')
  return {
    message: version === undefined ? name : `${name} ${version}`,
    fields: { package: defined({ name, version, path, type: 'app' }) },
    more:
      defined({
        bundle: textIn(row, 'CFBundleIdentifier'),
        build: textIn(row, 'CFBundleVersion'),
        why: textIn(row, 'why'),
      }) ?? {},
  }
}

function sayInstall(row: Row): Said | undefined {
  const [name, version, installed] = [textIn(row, '_name'), textIn(row, 'install_version'), textIn(row, 'install_date')]
  if (name === undefined) return undefined
  return {
    message: `${version === undefined ? name : `${name} ${version}`} was installed`,
    fields: { package: defined({ name, version, installed: isInstant(installed) ? installed : undefined }) },
    more: defined({ source: textIn(row, 'package_source') }) ?? {},
  }
}

function sayCheck(row: Row): Said | undefined {
  const [manager, asked] = [textIn(row, 'manager'), textIn(row, 'asked')]
  if (manager === undefined) return undefined
  return {
    message: isInstant(asked) ? `updates were last asked for on ${asked?.slice(0, 10)}` : 'no update is known',
    more: defined({ last_asked: isInstant(asked) ? asked : undefined }) ?? {},
  }
}

function isInstant(text: string | undefined): boolean {
  return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text))
}
