/**
 * Whether a test that goes through something byte by byte, or dies at every step, leaves none out: in `npm run test:full`.
 * In `npm test` it takes some of them.
 */
export const everyStep = process.env.CUSTODE_EVERY_STEP === '1'
