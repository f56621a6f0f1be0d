import type { Detector } from './detector.ts'
import { loginRedFlags } from './ioc/login-red-flags.ts'

/** Every detector: one for each row of CBP's table that this version answers, and those beyond it. */
export const detectors: readonly Detector[] = [loginRedFlags]
