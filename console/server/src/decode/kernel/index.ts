import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { fileOf, notHashed, type Said, systemDecoder, textsIn } from '../system-row.ts'
import { macosKernel } from './macos.ts'
import { windowsDrivers } from './windows.ts'

/** Rows of the agent's snapshots of the kernel. */
export const kernel: Decoder = systemDecoder({
  id: 'kernel',
  title: 'Modules and settings of the kernel of a host, and drivers',
  kinds: {
    ...windowsDrivers,
    ...macosKernel,
    module: { category: 'driver', say: sayModule },
    setting: { category: 'configuration', say: saySetting },
    'binary-format': { category: 'configuration', say: sayFormat },
  },
})

function sayModule(row: Row): Said | undefined {
  const [name, taint, onlyIn] = [textIn(row, 'name'), textIn(row, 'taint'), textIn(row, 'onlyIn')]
  if (name === undefined) return undefined
  const file = fileOf(row)
  const users = textsIn(row, 'usedBy')
  const odd = [
    taint === undefined ? undefined : `taint ${taint}`,
    onlyIn === undefined ? undefined : `only in ${onlyIn}`,
  ]
  return {
    message: [name, ...odd.filter((each) => each !== undefined)].join(', '),
    fields: file === undefined ? {} : { file },
    more: {
      module: defined({
        name,
        taint,
        // Of `E` the kernel says that a module without a valid signature was loaded (admin-guide/tainted-kernels).
        unsigned: taint?.includes('E') === true ? true : undefined,
        only_in: onlyIn,
        size: countIn(row, 'size'),
        state: textIn(row, 'state'),
        version: textIn(row, 'version'),
        source_version: textIn(row, 'srcversion'),
        uuid: textIn(row, 'uuid'),
        used_by: users.length === 0 ? undefined : users,
      }),
      ...notHashed(row),
    },
  }
}

function saySetting(row: Row): Said | undefined {
  const [name, value] = [textIn(row, 'name'), textIn(row, 'value')]
  if (name === undefined) return undefined
  return { message: value === undefined ? name : `${name} = ${value}`, more: { setting: defined({ name, value }) } }
}

function sayFormat(row: Row): Said | undefined {
  const [name, text = ''] = [textIn(row, 'name'), textIn(row, 'text')]
  if (name === undefined) return undefined
  const [, interpreter] = /^interpreter (\S.*)$/m.exec(text) ?? []
  return {
    message: interpreter === undefined ? name : `${name} is run by ${interpreter}`,
    fields: interpreter === undefined ? {} : { process: { executable: interpreter } },
    more: { format: defined({ name, text: text === '' ? undefined : text }) },
  }
}
