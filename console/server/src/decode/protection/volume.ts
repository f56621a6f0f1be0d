import { isRow, type Row, textIn } from '../row.ts'
import { fileOf, type Said } from '../system-row.ts'

export function sayVolume(row: Row): Said | undefined {
  return sayLayers(row, textIn(row, 'path'))
}

export function saySwap(row: Row): Said | undefined {
  const path = textIn(row, 'path')
  return sayLayers(row, path, 'swap on ')
}

/** Layers of the device mapper whose id begins so encrypt (cryptsetup(8), lib/utils_dm.h: `CRYPT-<type>-`); VERITY does not. */
const encrypts = /^CRYPT-(?!VERITY|INTEGRITY)/

/** Whether one of its layers encrypts. That none does is no more than that: a disk may do it by itself. */
function sayLayers(row: Row, path: string | undefined, what = ''): Said | undefined {
  if (path === undefined) return undefined
  const layers = Array.isArray(row.layers) ? row.layers.filter(isRow) : []
  const by = layers.map((layer) => textIn(layer, 'uuid')).find((uuid) => uuid !== undefined && encrypts.test(uuid))
  const devices = layers.flatMap((layer) => textIn(layer, 'device') ?? [])
  return {
    message: `${what}${path}: ${by === undefined ? 'no layer of it encrypts' : 'encrypted'}, on ${devices.join(' > ') || 'a file'}`,
    fields: { file: fileOf({ path }) },
    more: {
      ...{ encrypted: by !== undefined, devices },
      ...(by !== undefined && { encryption: by.split('-', 2)[1] }),
      ...(textIn(row, 'type') !== undefined && { type: textIn(row, 'type') }),
    },
  }
}
