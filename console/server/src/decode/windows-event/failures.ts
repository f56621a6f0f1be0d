/** Why a sign-in failed. */
interface Failure {
  reason: string
  isUnknownUser: boolean
}

/** NTSTATUS values of sign-ins ([MS-ERREF] 2.3.1), in our words. */
const reasons: ReadonlyMap<number, string> = new Map([
  [0xc000005e, 'no server to ask'],
  [0xc0000064, 'no such user'],
  [0xc000006a, 'wrong password'],
  [0xc000006d, 'wrong user or password'],
  [0xc000006e, 'account restriction'],
  [0xc000006f, 'outside of the allowed hours'],
  [0xc0000070, 'not from this machine'],
  [0xc0000071, 'password expired'],
  [0xc0000072, 'account disabled'],
  [0xc00000dc, 'wrong state of the server'],
  [0xc0000133, 'clocks too far apart'],
  [0xc000015b, 'this kind of sign-in is not granted'],
  [0xc000018c, 'no trust between the domains'],
  [0xc0000192, 'logon service not started'],
  [0xc0000193, 'account expired'],
  [0xc0000224, 'password must be changed'],
  [0xc0000234, 'account locked'],
  [0xc0000413, 'not allowed by the authentication firewall'],
])

const unknownUser = 0xc0000064

/** The sub-status says more, where it is set. Undefined where nothing failed, or in no way that is known. */
export function failureOf(status: string | undefined, subStatus?: string | undefined): Failure | undefined {
  const [outer, within] = [Number(status ?? 0), Number(subStatus ?? 0)]
  const reason = reasons.get(within) ?? reasons.get(outer)
  return reason === undefined ? undefined : { reason, isUnknownUser: within === unknownUser || outer === unknownUser }
}
