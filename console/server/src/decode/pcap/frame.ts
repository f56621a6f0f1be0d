/** A packet as the capture holds it. One object is used for all packets: it is only valid until the next one. */
export interface Frame {
  bytes: Uint8Array
  /** Where what was captured lies in `bytes`. */
  from: number
  to: number
  /** Bytes that it had on the wire, of which a capture may hold fewer. */
  length: number
  linkType: number
  /** Since 1970. */
  seconds: number
  nanos: number
  /** Digits of the fraction that the source gives; −1 where it gives no time. */
  digits: number
}

export function newFrame(): Frame {
  return { bytes: new Uint8Array(0), from: 0, to: 0, length: 0, linkType: 0, seconds: 0, nanos: 0, digits: -1 }
}
