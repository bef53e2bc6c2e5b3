import { writeSync } from 'node:fs'

const wanted = process.env.CUSTODE_KEEPER_DIES_AT
const nth = /^#([1-9][0-9]{0,8})$/.exec(wanted ?? '')?.[1]
let reached = 0

/**
 * Ends the process as a power cut would when it reaches the named step and `CUSTODE_KEEPER_DIES_AT` says so: the
 * tests of invariant 11 crash the real keeper at every step. `#7` is the seventh step of whatever name, which is then
 * said. Harmless to leave in: a crash loses nothing.
 */
export function reach(step: string): void {
  if (wanted === undefined) return
  reached += 1
  if (nth !== undefined && reached === Number(nth)) writeSync(2, `dies at ${step}\n`)
  else if (wanted !== step) return
  process.kill(process.pid, 'SIGKILL')
}
