import type { Key } from '../key.ts'
import { controlSet, type Fact, type Meaning } from './meaning.ts'
import { programOf } from './program.ts'

/** When a service is started, and what it is (winsvc.h, winnt.h; Microsoft Learn, "CreateServiceW"). */
const starts: readonly string[] = ['boot', 'system', 'automatic', 'manual', 'disabled']
const kinds: ReadonlyMap<number, string> = new Map([
  [0x1, 'kernel driver'],
  [0x2, 'file system driver'],
  [0x4, 'adapter'],
  [0x8, 'recognizer driver'],
  [0x10, 'own process'],
  [0x20, 'shared process'],
  [0x50, 'own process of a user'],
  [0x60, 'shared process of users'],
])
/** It may show windows; a copy of it was made for a user who signed in. */
const [interactive, userInstance] = [0x100, 0x80]

/** What `services.exe` and the boot loader start: programs, drivers, and libraries that `svchost.exe` loads. */
export const services: readonly Meaning[] = [{ paths: [controlSet('Services\\*')], read: (key) => serviceOf(key) }]

function serviceOf(key: Key): Fact[] {
  const [type, start] = [key.number('Type'), key.number('Start')]
  const command = key.text('ImagePath')
  // Keys of settings stand among the services.
  if (type === undefined && command === undefined) return []
  const library = key.below('Parameters')?.text('ServiceDll') ?? key.text('ServiceDll')
  const program = command === undefined ? undefined : programOf(command)
  const account = key.text('ObjectName')
  const path = library ?? program
  const kind = type === undefined ? undefined : kinds.get(type & ~(interactive | userInstance))
  return [
    {
      of: 'key',
      action: 'service-found',
      says: `Service ${key.name}${path === undefined ? '' : ` runs ${path.slice(0, 300)}`}${account === undefined ? '' : ` as ${account}`}`,
      fields: {
        service: { name: key.name, ...(kind !== undefined && { type: kind }) },
        ...(path !== undefined && { file: { path } }),
        ...(account !== undefined && isAccount(account) && { user: { name: account } }),
      },
      more: {
        service: {
          command,
          library,
          account,
          start: start === undefined ? undefined : (starts[start] ?? String(start)),
          display_name: key.text('DisplayName'),
          description: key.text('Description'),
          on_failure: key.text('FailureCommand'),
        },
      },
    },
  ]
}

/** Of a driver this is the name of its object. */
function isAccount(account: string): boolean {
  return !account.startsWith('\\')
}
