/**
 * Whether a test that goes through something byte by byte, or dies at every step, leaves none out: in `npm run test:full`.
 * In `npm test` it takes some of them.
 */
export const everyStep = process.env.CUSTODE_EVERY_STEP === '1'

/** The languages in which a browser goes a long way through the pages: in `npm test` one of them. */
export const languages: readonly ('it' | 'en')[] = everyStep ? ['it', 'en'] : ['it']
