import { meanings, type Sentence } from '../sentence.ts'

const denied = {
  category: ['web', 'network'],
  type: ['access', 'denied'],
  outcome: 'failure',
  action: 'access-denied',
} as const
const nameEnds =
  /' in realm [`'].{0,256}?' not found| not found|: (?:authentication|authorization) failure for "|: password mismatch: | to access /g
/** The client's request was no answer to the challenge it was given. */
const refused = meanings.notSignedIn

/**
 * What mod_auth_basic, mod_auth_digest, mod_authz_* and mod_ssl say, in 2.2 with `Digest: ` before it. Names, realms
 * and paths are the client's; who it is stands before all of them.
 */
export const sentences: readonly Sentence[] = [
  {
    pattern: /^(?:Digest: )?user [`'](?<user>.*)' in realm [`'].*' not found/,
    is: meanings.unknownUser,
    once: nameEnds,
  },
  { pattern: /^user (?<user>.*?) not found(?:: |$)/, is: meanings.unknownUser, once: nameEnds },
  {
    pattern: /^user (?<user>.*?): authentication failure for "/,
    is: meanings.notSignedIn,
    once: nameEnds,
  },
  {
    pattern: /^(?:Digest: )?user (?<user>.*?): (?<reason>password mismatch): /,
    is: meanings.notSignedIn,
    once: nameEnds,
  },
  {
    pattern: /^user (?<user>.*?): (?<reason>authorization failure) for "/,
    is: meanings.userNotAllowed,
    once: nameEnds,
  },
  {
    pattern: /^Authorization of user (?<user>.*?) to access .* failed, reason: (?<reason>.*)$/,
    is: meanings.userNotAllowed,
    once: nameEnds,
  },
  { pattern: /^(?<reason>client used wrong authentication scheme): /, is: refused },
  // A nonce is no more valid after a restart.
  { pattern: /^(?:Digest: )?(?<reason>invalid nonce) \S{0,255} received - hash is not /, is: meanings.undecided },
  { pattern: /^(?:Digest: )?(?<reason>invalid (?:nonce|qop|opaque)) .* received/, is: refused },
  { pattern: /^(?:Digest: )?(?<reason>realm mismatch) - got /, is: refused },
  { pattern: /^(?:Digest: )?(?<reason>unknown algorithm) .* received/, is: refused },
  { pattern: /^(?<reason>client denied by server configuration): /, is: denied },
  { pattern: /^(?<reason>No hostname was provided via SNI) /, is: meanings.protocolRefused },
  {
    pattern:
      /^Hostname \S{1,255} provided via SNI(?<reason>, but no hostname provided| and hostname \S{1,255} provided)/,
    is: meanings.protocolRefused,
  },
]
