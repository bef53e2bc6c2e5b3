/** The witness cannot do its work; `message` is one line that says why and what to do. */
export class WitnessRefused extends Error {
  override readonly name = 'WitnessRefused'
}
