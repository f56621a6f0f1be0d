import type { ObservableType, Tlp } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { normalValue } from '../index/normal-value.ts'
import { breadthOf } from './breadth.ts'

/** What a format says of one indicator, before anyone has looked at its value. */
export interface Draft {
  /** From 1. */
  line: number
  type: ObservableType
  value: string
  /** As it stood in the file, where `value` was made of it. */
  as?: string
  /** 0 to 100. */
  confidence?: number
  tlp?: Tlp
  /** RFC 3339 in UTC with milliseconds. */
  validFrom?: string
  validUntil?: string
  note?: string
}

/** A draft whose value is in its normal form. */
export interface Recognised extends Draft {
  as: string
}

export interface Remark {
  line: number
  value: string
  why: string
}

/** What a file gave. `read` counts values, also refused ones. */
export interface Reading {
  read: number
  recognised: Recognised[]
  refused: Remark[]
  warned: Remark[]
}

/** Collects what a format finds in a file, within bounds that a hostile file cannot pass. */
export interface Reader {
  take(draft: Draft): void
  /** Something that is no value: a file with thousands of them is no list of indicators. */
  refuse(remark: Remark): void
  /** A value that is well said, but nothing to look for here: a file may hold any number of them. */
  leaveOut(remark: Remark): void
  warn(remark: Remark): void
  done(): Reading
}

const mostRecognised = 1_000_000
const mostBad = 5000
const mostListed = 5000
const mostShown = 200
const mostNote = 2000

/** Throws `indicator-file-refused` when there are more values, or more bad ones, than a list of indicators has. */
export function openReader(): Reader {
  const recognised: Recognised[] = []
  const refused = openRemarks()
  const warned = openRemarks()
  let read = 0
  let bad = 0
  const leaveOut = (remark: Remark) => {
    read += 1
    refused.add(remark)
  }
  const refuseValue = (remark: Remark) => {
    leaveOut(remark)
    bad += 1
    if (bad > mostBad) throw refuse('indicator-file-refused', `More than ${mostBad} values are none: ${remark.why}`)
  }
  return {
    refuse: refuseValue,
    leaveOut,
    warn: warned.add,
    take(draft) {
      const { line, type, note } = draft
      const as = draft.as ?? draft.value
      const value = normalValue(type, draft.value)
      if (value === undefined) return refuseValue({ line, value: as, why: `This is not ${named[type]}.` })
      if (noText.test(draft.value)) return refuseValue({ line, value: as, why: 'It holds bytes that are no text.' })
      const breadth = breadthOf(type, value)
      if (breadth?.refused === true) return leaveOut({ line, value: as, why: breadth.why })
      if (breadth !== undefined) warned.add({ line, value: as, why: breadth.why })
      read += 1
      if (recognised.length === mostRecognised)
        throw refuse('indicator-file-refused', `More than ${mostRecognised} indicators in one file. Divide it.`)
      recognised.push({
        ...draft,
        value: value.toWellFormed(),
        as: cut(as, mostShown),
        ...(note !== undefined && { note: plain(note) }),
      })
    },
    done: () => ({ read, recognised, refused: refused.all(), warned: warned.all() }),
  }
}

/** Control characters, and what stands where bytes were no character: no value holds them, and no host can say them. */
const noText = /[\p{Cc}\ufffd]/u

interface Remarks {
  add(remark: Remark): void
  all(): Remark[]
}

/** The first remarks of a file, and how many more there were. */
function openRemarks(): Remarks {
  const listed: Remark[] = []
  let from = 0
  let more = 0
  return {
    add({ line, value, why }) {
      if (listed.length < mostListed) listed.push({ line, value: cut(value, mostShown), why })
      else if (more++ === 0) from = line
    },
    all: () =>
      more === 0 ? listed : [...listed, { line: from, value: '…', why: `${more} more from here on are not listed.` }],
  }
}

/** Databases take neither NUL nor half a character. */
function plain(note: string): string {
  return cut(note, mostNote).replaceAll('\0', '\ufffd')
}

function cut(text: string, most: number): string {
  return (text.length > most ? `${text.slice(0, most)}…` : text).toWellFormed()
}

const named: Record<ObservableType, string> = {
  ip: 'an IP address',
  cidr: 'a network such as 203.0.113.0/24',
  domain: 'a domain name',
  url: 'a URL with scheme and host',
  sha256: 'a SHA-256 (64 hex digits)',
  sha1: 'a SHA-1 (40 hex digits)',
  md5: 'an MD5 (32 hex digits)',
  email: 'an e-mail address',
  account: 'the name of an account',
  'file-name': 'the name of a file without its folder',
  'file-path': 'a path',
  port: 'a port (1 to 65535)',
}
