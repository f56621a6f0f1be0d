import type { Message, MessageDecoder } from '../decoder.ts'

export const dataset = 'macos-install-log'

type Meaning = (groups: Readonly<Record<string, string | undefined>>) => Omit<Message, 'service'>

const sentences: readonly (readonly [pattern: RegExp, meaning: Meaning])[] = [
  [
    /^(?:PackageKit: )?Installed "(?<name>[^"]{1,400})" \((?<version>[^)]{0,100})\)/,
    ({ name, version }) => ({
      event: { category: ['package'], type: ['installation'], action: 'package-installed', outcome: 'success' },
      package: { name, ...(version !== '' && { version }) },
    }),
  ],
  [
    /^PackageKit: Install Failed: (?<reason>.{1,2000})/,
    ({ reason }) => ({
      event: {
        category: ['package'],
        type: ['installation'],
        action: 'package-installed',
        outcome: 'failure',
        ...(reason !== undefined && { reason }),
      },
    }),
  ],
  [
    /^PackageKit(?: \(package_script_service\))?: (?:Executing script|Preparing to execute script) "(?<script>[^"]{1,400})" in (?<folder>\/\S{1,1000})/,
    ({ script = '', folder = '' }) => ({
      event: { category: ['package'], type: ['info'], action: 'install-script-run' },
      file: { path: `${folder}/${script.replace(/^\.\//, '')}`, name: script.slice(script.lastIndexOf('/') + 1) },
    }),
  ],
]

/** What the installers of macOS say: into install.log, and up to macOS 10.12 in lines of syslog. */
export const installMessages: MessageDecoder = {
  id: dataset,
  title: 'Installers of macOS',
  programs: ['installd', 'system_installd', 'installer', 'Installer', 'package_script_service'],
  decode(text, program) {
    for (const [pattern, meaning] of sentences) {
      const found = pattern.exec(text)
      if (found !== null) return { ...meaning(found.groups ?? {}), service: { name: program } }
    }
    return undefined
  },
}
