/** The machine the tests run on, for tests beside collectors, which may not import a host themselves. */
export { newLinuxHost } from './host-linux.ts'
