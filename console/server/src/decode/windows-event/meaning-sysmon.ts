import { dns } from './dns.ts'
import { hashes } from './hashes.ts'
import type { ChannelMeanings, Meaning } from './meaning.ts'
import { registry } from './registry-path.ts'
import { account, baseName, end, number, program, putter, type Rule, text, textIn } from './rule.ts'

/** The process that did it; what reaches into another one names both, this one as the source. */
const image: readonly Rule[] = [
  text('ProcessGuid', 'process.entity_id'),
  number('ProcessId', 'process.pid'),
  program('Image', 'process'),
  account('User', 'user'),
]

const sourceImage: readonly Rule[] = [
  text('SourceProcessGUID', 'process.entity_id'),
  text('SourceProcessGuid', 'process.entity_id'),
  number('SourceProcessId', 'process.pid'),
  number('SourceThreadId', 'process.thread.id'),
  program('SourceImage', 'process'),
  account('SourceUser', 'user'),
]

const [putPath, putName] = [putter('file.path'), putter('file.name')]

function file(name: string): Rule {
  return (document, fields) => {
    const path = textIn(fields, name)
    putPath(document, path)
    putName(document, path && baseName(path))
  }
}

const [putTransport, putDirection] = [putter('network.transport'), putter('network.direction')]

const network: readonly Rule[] = [
  end('SourceIp', 'SourcePort', 'source'),
  end('DestinationIp', 'DestinationPort', 'destination'),
  text('SourceHostname', 'source.domain'),
  text('DestinationHostname', 'destination.domain'),
  (document, fields) => {
    putTransport(document, textIn(fields, 'Protocol'))
    const initiated = textIn(fields, 'Initiated')
    if (initiated !== undefined) putDirection(document, initiated === 'true' ? 'egress' : 'ingress')
  },
]

const started: readonly Rule[] = [
  ...image,
  text('CommandLine', 'process.command_line'),
  text('CurrentDirectory', 'process.working_directory'),
  text('ParentProcessGuid', 'process.parent.entity_id'),
  number('ParentProcessId', 'process.parent.pid'),
  program('ParentImage', 'process.parent'),
  text('ParentCommandLine', 'process.parent.command_line'),
  text('Company', 'process.pe.company'),
  text('Description', 'process.pe.description'),
  text('FileVersion', 'process.pe.file_version'),
  text('OriginalFileName', 'process.pe.original_file_name'),
  text('Product', 'process.pe.product'),
  hashes('process'),
]

/** Names of the change that Sysmon gives with it. */
function registryChange(says: string): Meaning {
  return {
    says,
    action: 'registry-changed',
    category: ['configuration', 'registry'],
    type: ['change'],
    rules: [...image, registry],
    about: 'registry.path',
  }
}

function process(says: string, action: string, type: string, rules: readonly Rule[]): Meaning {
  return { says, action, category: ['process'], type: [type], rules, about: 'process.executable' }
}

/** What one process does to another: the message names the other one. */
function reach(says: string, action: string, type: string): Meaning {
  return { ...process(says, action, type, sourceImage), about: 'winlog.event_data.TargetImage' }
}

/** Numbers of Sysmon (learn.microsoft.com/sysinternals/downloads/sysmon). */
export const sysmon: ChannelMeanings = {
  channel: 'Microsoft-Windows-Sysmon/Operational',
  providers: ['Microsoft-Windows-Sysmon'],
  meanings: new Map<number, Meaning>([
    [1, process('A process was started', 'process-started', 'start', started)],
    [
      3,
      {
        says: 'A connection was made',
        action: 'connection-started',
        category: ['network'],
        type: ['connection', 'start', 'protocol'],
        rules: [...image, ...network],
        about: 'process.executable',
      },
    ],
    [5, process('A process ended', 'process-ended', 'end', image)],
    [
      7,
      {
        ...process('A library was loaded', 'library-loaded', 'change', [...image, file('ImageLoaded'), hashes('file')]),
        about: 'file.path',
      },
    ],
    [8, reach('A thread was started in another process', 'remote-thread-started', 'change')],
    [10, reach('A process was opened by another', 'process-accessed', 'access')],
    [
      11,
      {
        says: 'A file was created',
        action: 'file-created',
        category: ['file'],
        type: ['creation'],
        rules: [...image, file('TargetFilename')],
        about: 'file.path',
      },
    ],
    [12, registryChange('A registry key was created or deleted')],
    [13, registryChange('A registry value was set')],
    [14, registryChange('A registry key or value was renamed')],
    [
      22,
      {
        says: 'A name was looked up',
        action: 'name-looked-up',
        category: ['network'],
        type: ['connection', 'protocol', 'info'],
        rules: [...image, dns],
        about: 'dns.question.name',
      },
    ],
  ]),
}
