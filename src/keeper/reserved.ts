/** Slots below 256 belong to the organisation, never to a person. */
export const logSigningSlot = 1
export const receiptSigningSlot = 2
export const organisationTrail = 3
export const fingerprintSlot = 4

/** The first slot number that a person can have. */
export const firstIssued = 256
