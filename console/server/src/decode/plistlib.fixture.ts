import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { pathOf } from './shared-data.fixture.ts'

/** Writes every value of a list as a line: where it stands, what it is, and its text. */
const script = `
import plistlib, sys, hashlib
def put(where, kind, text): print(where + ' ' + kind + ' ' + text.encode('unicode_escape').decode())
def walk(where, value):
    if isinstance(value, dict):
        put(where, 'dict', str(len(value)))
        for key in sorted(value): walk(where + '/' + key.encode('unicode_escape').decode(), value[key])
    elif isinstance(value, list):
        put(where, 'list', str(len(value)))
        for i, one in enumerate(value): walk(where + '/' + str(i), one)
    elif isinstance(value, bool): put(where, 'boolean', str(value).lower())
    elif isinstance(value, plistlib.UID): put(where, 'uid', str(value.data))
    elif isinstance(value, (bytes, bytearray)): put(where, 'data', hashlib.sha256(value).hexdigest())
    elif isinstance(value, float): put(where, 'number', '%.6f' % value)
    elif isinstance(value, int): put(where, 'number', '%.6f' % value)
    elif isinstance(value, str): put(where, 'text', hashlib.sha256(value.encode()).hexdigest())
    else: put(where, 'date', value.strftime('%Y-%m-%dT%H:%M:%S'))
walk('', plistlib.load(open(sys.argv[1], 'rb')))
`

/** Python reads property lists with a library of its own. */
export const isPythonMissing = spawnSync('python3', ['-c', 'import plistlib']).status !== 0

/** Lines of a file of the shared data; undefined where Python refuses it. */
export function askPlistlib(name: string): string[] | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', script, pathOf(name)], { encoding: 'utf8' })
  return status === 0 ? stdout.trimEnd().split('\n') : undefined
}

export function sha256(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex')
}
