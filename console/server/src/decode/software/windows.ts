import { defined, type Row, textIn } from '../row.ts'
import { type Kind, type Said, textsIn } from '../system-row.ts'
import { windowsTime } from '../windows-row.ts'

/** Entries of the registry's Uninstall keys, Get-HotFix, and what IUpdateSearcher finds. */
export const windowsSoftware: Readonly<Record<string, Kind>> = {
  program: { category: 'package', say: sayProgram },
  hotfix: { category: 'package', say: sayHotfix },
  'waiting-update': { category: 'package', say: sayUpdate },
}

function sayProgram(row: Row): Said | undefined {
  const [key, name, version] = [textIn(row, 'Key'), textIn(row, 'DisplayName'), textIn(row, 'DisplayVersion')]
  const said = name ?? key
  if (said === undefined) return undefined
  return {
    message: version === undefined ? said : `${said} ${version}`,
    fields: { package: defined({ name: said, version, type: 'windows' }) },
    // A day as the installer wrote it, by no clock that is known.
    more: defined({ key, vendor: textIn(row, 'Publisher'), install_date: textIn(row, 'InstallDate') }) ?? {},
  }
}

function sayHotfix(row: Row): Said | undefined {
  const name = textIn(row, 'HotFixID')
  if (name === undefined) return undefined
  const description = textIn(row, 'Description')
  return {
    message: description === undefined ? name : `${name}, ${description}`,
    fields: { package: defined({ name, type: 'hotfix', description, installed: windowsTime(row, 'InstalledOn') }) },
  }
}

function sayUpdate(row: Row): Said | undefined {
  const [id, title] = [textIn(row, 'UpdateID'), textIn(row, 'Title')]
  const name = title ?? id
  if (name === undefined) return undefined
  const articles = textsIn(row, 'KBArticleIDs')
  return {
    message: `${name} waits`,
    fields: { package: { name, type: 'windows-update' } },
    more:
      defined({
        update_id: id,
        articles: articles.length > 0 ? articles : undefined,
        severity: textIn(row, 'MsrcSeverity'),
      }) ?? {},
  }
}
