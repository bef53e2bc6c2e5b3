/**
 * Ends the process as a power cut would when it reaches the named step and `CUSTODE_KEEPER_DIES_AT` says so: the
 * tests of invariant 11 crash the real keeper at every step. Harmless to leave in: a crash loses nothing.
 */
export function reach(step: string): void {
  if (process.env.CUSTODE_KEEPER_DIES_AT === step) process.kill(process.pid, 'SIGKILL')
}
