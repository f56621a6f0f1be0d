import { limits } from '@tidewaiter/protocol'

/** Cuts what a program writes into its lines; of one that is longer than a record may be only that it was. */
export function newLineCutter(): (bytes: Buffer) => (Buffer | 'too-long')[] {
  let held: Buffer[] = []
  let length = 0
  const hold = (bytes: Buffer) => {
    length += bytes.length
    if (length <= limits.record) held.push(bytes)
    else held = []
  }
  return (bytes) => {
    const lines: (Buffer | 'too-long')[] = []
    let at = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      hold(bytes.subarray(at, end))
      lines.push(length > limits.record ? 'too-long' : Buffer.concat(held))
      held = []
      length = 0
      at = end + 1
    }
    if (at < bytes.length) hold(Buffer.from(bytes.subarray(at)))
    return lines
  }
}
